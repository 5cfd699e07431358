import { postModeration } from "./api.js";
import { byId } from "./dom.js";
import { MessageMenu } from "./message_menu.js";
import { moderate } from "./moderation.js";
import { text } from "./text.js";
import { waitText } from "./time_text.js";

/**
 * Gives a viewer whom the streamer made a moderator the actions on each message.
 *
 * @param {import("./chat_feed.js").ChatFeed} feed
 * @param {import("./notices.js").Notices} notices
 * @returns {MessageMenu} Close it when they are one no longer.
 */
export function setUpModerator(feed, notices) {
  const { content } = byId("moderation-template", HTMLTemplateElement);
  return new MessageMenu({
    list: feed.list,
    menu: /** @type {HTMLElement} */ (content.firstElementChild),
    onOpen(menu, { author, name }) {
      menu.setAttribute("aria-label", text("common.moderation.of", { name }));
      for (const button of menu.querySelectorAll("button")) {
        button.hidden = author === feed.own && button.dataset.do !== "delete";
      }
    },
    async onChoose(button, message) {
      const isDone = await moderate(button, message, send);
      const { do: action, seconds } = button.dataset;
      if (isDone && action === "time-out") {
        const duration = waitText(Number(seconds) * 1000);
        notices.success(text("common.moderation.muted", { name: message.name, duration }));
      }
      return isDone;
    },
  });

  /** @type {import("./moderation.js").SendModeration} */
  async function send(action, fields, failure) {
    try {
      return await postModeration(action, fields);
    } catch (error) {
      notices.error(`${failure}: ${/** @type {Error} */ (error).message}`);
      return null;
    }
  }
}
