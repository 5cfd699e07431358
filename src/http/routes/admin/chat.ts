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

/** `/admin/chat/…` and `/admin/supporters/…`: moderation, which shows on every page at once. */
export function adminChatRoutes(services: Services): Readonly<Record<string, Route>> {
  const { chat, donations, moderation, people, registry, live } = services;

  return {
    "/admin/chat/delete": action(messages, ({ ids }) => {
      const deleted = chat.delete(ids);
      if ("refused" in deleted) throw refusedProblem(deleted.refused);
      if (deleted.ids.length > 0) live.toAll({ type: "deleted", ids: deleted.ids });
      return deleted;
    }),
    "/admin/chat/time-out": action(timeOut, ({ author, seconds }) => {
      const reason = moderation.timeOut(author, seconds);
      live.tellAuthor(author);
      refuseFor(reason);
    }),
    "/admin/chat/ban": action(author, ({ author }) => {
      const banned = moderation.ban(author);
      live.sendAway(author, NOT_WELCOME);
      for (const stream of [...registry.viewers]) {
        if (stream.id !== null && people.authorOf(stream.id) === author) stream.close();
      }
      live.celebrations.withdraw(author);
      if ("refused" in banned) throw refusedProblem(banned.refused);
      if (banned.upTo > 0) live.toAll({ type: "purged", author, upTo: banned.upTo });
    }),
    "/admin/chat/pardon": action(author, ({ author }) => {
      const reason = moderation.pardon(author);
      live.tellAuthor(author);
      live.celebrations.supportersChanged();
      refuseFor(reason);
    }),
    "/admin/chat/slow-mode": action(slowMode, ({ seconds }) => {
      const reason = moderation.setSlowMode(seconds);
      live.tellState();
      refuseFor(reason);
    }),
    "/admin/chat/blocked-words": action(blockedWords, ({ words }) => {
      const reason = moderation.setBlockedWords(words);
      live.celebrations.supportersChanged();
      refuseFor(reason);
      return { words: moderation.blockedWords };
    }),
    "/admin/supporters/remove": action(author, ({ author }) => {
      const outcome = donations.removeSupporter(author);
      if ("refused" in outcome) throw refusedProblem(outcome.refused);
      live.celebrations.withdraw(author);
      live.tellAuthor(author);
      return outcome;
    }),
  };
}
