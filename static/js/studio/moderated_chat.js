import { ChatFeed } from "../chat_feed.js";
import { byId, setText } from "../dom.js";
import { MessageBox } from "../message_box.js";
import { MessageMenu } from "../message_menu.js";
import { moderate } from "../moderation.js";
import { randomKey } from "../random_key.js";
import { text } from "../text.js";
import { copyOf } from "./keyed_list.js";
import { onPress } from "./press.js";

/** @typedef {import("../../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../../src/live_messages.ts").ChatMessage} ChatMessage */
/** @typedef {import("./act.js").Act} Act */

/** The chat in the studio: the streamer writes, and each message opens the actions on it and its author. */
export class ModeratedChat {
  #slow = byId("chat-slow", HTMLElement);
  #act;
  #onMuted;
  #feed;
  #box;
  /** The key of the text being sent, which stays the same for another try. */
  #key = "";
  #keyOf = "";
  /** @type {ReadonlySet<string>} Authors. */
  #moderators = new Set();

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {(muted: { author: string, name: string, seconds: number }) => void} options.onMuted
   * @param {(before: number) => boolean} options.onOlder
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ act, onMuted, onOlder, here }) {
    this.#act = act;
    this.#onMuted = onMuted;
    this.#box = new MessageBox((written, reply) => this.#post(written, reply?.id));
    this.#feed = new ChatFeed({
      ask: onOlder,
      onReply: (message) => this.#box.replyTo(message),
      here,
    });
    new MessageMenu({
      list: this.#feed.list,
      menu: copyOf(byId("moderation-template", HTMLTemplateElement)),
      onOpen: (menu, message) => this.#offer(menu, message),
      onChoose: (button, message) => this.#do(button, message),
    });
    const unpin = byId("unpin", HTMLButtonElement);
    onPress(unpin, () => act("admin/chat/unpin", {}, text("studio.chat.notUnpinned")));
  }

  /** @param {ServerMessage} message Messages that do not concern the chat do nothing. */
  hear(message) {
    this.#feed.hear(message);
  }

  /** @param {number} seconds */
  showSlowMode(seconds) {
    this.#slow.hidden = seconds === 0;
    setText(this.#slow, text("studio.chat.slowMode", { count: seconds }));
  }

  /** @param {readonly { author: string }[]} moderators */
  showModerators(moderators) {
    this.#moderators = new Set(moderators.map(({ author }) => author));
  }

  /**
   * @param {string} written
   * @param {number} [replyTo]
   */
  async #post(written, replyTo) {
    // The server counts a text once that is sent again because its answer was lost.
    if (this.#keyOf !== written) [this.#key, this.#keyOf] = [randomKey(), written];
    const fields = { key: this.#key, text: written, replyTo };
    const done = await this.#act("admin/chat/post", fields, text("studio.chat.notSent"));
    if (done) this.#keyOf = "";
    return done !== null;
  }

  /**
   * Hides the actions that a message does not have.
   *
   * @param {HTMLElement} menu
   * @param {ChatMessage} message
   */
  #offer(menu, { id, author, name, role }) {
    menu.setAttribute("aria-label", text("common.moderation.of", { name }));
    // A donor without a cookie is no author whom one could mute.
    const isSafe = author === this.#feed.own || role === "streamer" || author === "";
    const isModerator = this.#moderators.has(author);
    const isPinned = this.#feed.pinned?.id === id;
    for (const button of menu.querySelectorAll("button")) {
      const action = button.dataset.do;
      button.hidden = (isSafe && !/^(?:delete|pin|unpin)$/.test(action ?? "")) ||
        action === (isPinned ? "pin" : "unpin") || action === (isModerator ? "appoint" : "dismiss");
    }
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {ChatMessage} message
   */
  async #do(button, message) {
    const { id, author, name } = message;
    switch (button.dataset.do) {
      case "pin":
        return await this.#act("admin/chat/pin", { id }, text("studio.chat.notPinned")) !== null;
      case "unpin":
        return await this.#act("admin/chat/unpin", {}, text("studio.chat.notUnpinned")) !== null;
      case "appoint": {
        const failure = text("studio.chat.notAppointed", { name });
        return await this.#act("admin/chat/appoint", { author }, failure) !== null;
      }
      case "dismiss": {
        const failure = text("studio.chat.notDismissed", { name });
        return await this.#act("admin/chat/dismiss", { author }, failure) !== null;
      }
    }
    const isDone = await moderate(
      button,
      message,
      (action, fields, failure) => this.#act(`admin/chat/${action}`, fields, failure),
    );
    const { do: action, seconds } = button.dataset;
    if (isDone && action === "time-out") this.#onMuted({ author, name, seconds: Number(seconds) });
    return isDone;
  }
}
