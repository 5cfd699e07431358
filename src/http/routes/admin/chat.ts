import { z } from "zod";
import { refusedProblem, refuseFor } from "../../input.ts";
import type { Route } from "../../router.ts";
import type { Services } from "../../services.ts";
import { NOT_WELCOME } from "../../welcome.ts";
import { action } from "./action.ts";

const author = z.object({ author: z.string().min(1).max(64) });
const messages = z.object({ ids: z.array(z.int().min(1)).max(500) });
const timeOut = author.extend({ seconds: z.number() });
const slowMode = z.object({ seconds: z.number() });
const blockedWords = z.object({ words: z.array(z.string()).max(1000) });

/** `/admin/chat/…`: what the streamer does in the chat, each told to whom it concerns at once. */
export function adminChatRoutes(services: Services): Readonly<Record<string, Route>> {
  const { chat, moderation, people, registry, live } = services;

  const tellDeleted = (ids: readonly number[]) => {
    if (ids.length > 0) live.toAll({ type: "deleted", ids });
  };
  const tellThem = (author: string) => {
    const viewer = people.viewerOf(author);
    if (viewer !== null) live.tellYou(viewer);
  };

  return {
    "/admin/chat/delete": action(messages, ({ ids }) => {
      const deleted = chat.delete(ids);
      if ("refused" in deleted) throw refusedProblem(deleted.refused);
      tellDeleted(deleted.ids);
      return deleted;
    }),
    "/admin/chat/time-out": action(timeOut, ({ author, seconds }) => {
      const reason = moderation.timeOut(author, seconds);
      tellThem(author);
      refuseFor(reason);
    }),
    "/admin/chat/ban": action(author, ({ author }) => {
      const banned = moderation.ban(author);
      const viewer = people.viewerOf(author);
      if (viewer !== null) {
        live.sendAway(viewer, NOT_WELCOME);
        for (const stream of [...registry.viewers]) if (stream.id === viewer) stream.close();
      }
      if ("refused" in banned) throw refusedProblem(banned.refused);
      tellDeleted(banned.ids);
      return banned;
    }),
    "/admin/chat/pardon": action(author, ({ author }) => {
      const reason = moderation.pardon(author);
      tellThem(author);
      refuseFor(reason);
    }),
    "/admin/chat/slow-mode": action(slowMode, ({ seconds }) => {
      const reason = moderation.setSlowMode(seconds);
      live.tellState();
      refuseFor(reason);
    }),
    "/admin/chat/blocked-words": action(blockedWords, ({ words }) => {
      refuseFor(moderation.setBlockedWords(words));
      return { words: moderation.blockedWords };
    }),
  };
}
