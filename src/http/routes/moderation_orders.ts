import { z } from "zod";
import type { Community } from "../../channel/community.ts";
import type { Schema } from "../../schema.ts";
import { refusedProblem, refuseFor } from "../input.ts";

/** What the streamer and moderators can have done about messages and their authors. */
export interface ModerationOrder {
  /** Reads the authors whom it concerns. May throw an `HttpProblem`. */
  authors(): readonly string[];
  /**
   * Does it, and returns what to answer. May throw an `HttpProblem`.
   *
   * @param by The moderator who orders it, for the log; absent for the streamer.
   */
  carryOut(by?: string): object | void;
}

const author = z.object({ author: z.string().min(1).max(64) });
const messages = z.object({ ids: z.array(z.int().min(1)).max(100) });
const timeOut = author.extend({ seconds: z.number() });

/** Reads who a request is about. */
export const AUTHOR: Schema<{ readonly author: string }> = author;

/** Returns how to read each order from a request, by the last part of its path. */
export function moderationOrders(
  { chat, moderation }: Pick<Community, "chat" | "moderation">,
): Readonly<Record<string, Schema<ModerationOrder>>> {
  return {
    "delete": messages.transform(({ ids }) => ({
      authors() {
        const read = chat.authorsOf(ids);
        // Without them, nobody knows whether the streamer is one.
        if ("refused" in read) throw refusedProblem(read.refused);
        return read.authors;
      },
      carryOut(by) {
        const deleted = chat.delete(ids, by);
        if ("refused" in deleted) throw refusedProblem(deleted.refused);
        return deleted;
      },
    })),
    "time-out": timeOut.transform(({ author, seconds }) => ({
      authors: () => [author],
      carryOut: (by) => refuseFor(moderation.timeOut(author, seconds, by)),
    })),
    "ban": author.transform(({ author }) => ({
      authors: () => [author],
      carryOut(by) {
        const banned = moderation.ban(author, by);
        if ("refused" in banned) throw refusedProblem(banned.refused);
      },
    })),
    "pardon": author.transform(({ author }) => ({
      authors: () => [author],
      carryOut: (by) => refuseFor(moderation.pardon(author, by)),
    })),
  };
}
