import { confirmed } from "./confirm.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/**
 * Sends one of the actions `delete`, `time-out` and `ban` to the server; returns `null` if it failed, after saying why.
 *
 * @callback SendModeration
 * @param {string} action
 * @param {object} fields
 * @param {string} failure What did not happen.
 * @returns {Promise<object | null>}
 */

/**
 * Does what a button of the moderation menu says to a message or its author.
 *
 * @param {HTMLButtonElement} button
 * @param {ChatMessage} message
 * @param {SendModeration} send
 * @returns {Promise<boolean>} Whether it is done.
 */
export async function moderate({ dataset }, { id, author, name }, send) {
  switch (dataset.do) {
    case "delete":
      return await send("delete", { ids: [id] }, text("common.moderation.notDeleted")) !== null;
    case "time-out": {
      const fields = { author, seconds: Number(dataset.seconds) };
      return await send("time-out", fields, text("common.moderation.notMuted", { name })) !== null;
    }
    case "ban": {
      const sure = await confirmed({
        title: text("common.moderation.banTitle", { name }),
        text: text("common.moderation.banText"),
        yes: text("common.moderation.banYes"),
      });
      if (!sure) return false;
      return await send("ban", { author }, text("common.moderation.notBanned", { name })) !== null;
    }
  }
  return false;
}
