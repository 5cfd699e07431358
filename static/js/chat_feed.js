import { ChatList } from "./chat_list.js";
import { ChatModel } from "./chat_model.js";
import { fillMessage } from "./message_view.js";
import { PinnedMessage } from "./pinned_message.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/** The messages as the server sends them: follows the page socket and keeps the list and the pinned message up to date. */
export class ChatFeed {
  model = new ChatModel();
  list;
  #pinned;
  #ask;
  #here;
  #own = "";
  #instance = "";
  /** The page has asked for the messages before this id; 0 if it waits for none. */
  #asked = 0;

  /**
   * @param {object} options
   * @param {(before: number) => boolean} options.ask Asks the server for the messages before this id.
   * @param {(message: ChatMessage) => void} options.onReply The viewer wants to answer this message.
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ ask, onReply, here }) {
    this.#ask = ask;
    this.#here = here;
    this.list = new ChatList({
      fill: (item, entry) => this.#fill(item, entry),
      timeOf: (entry) => this.#timeOf(entry),
      onOlder: () => this.#askOlder(),
      onReply,
    });
    this.#pinned = new PinnedMessage(this.list);
  }

  /** This page's viewer as an author. */
  get own() {
    return this.#own;
  }

  /** The message that is pinned now. */
  get pinned() {
    return this.#pinned.message;
  }

  /** @param {ServerMessage} message Messages that do not concern the chat do nothing. */
  hear(message) {
    switch (message.type) {
      case "hello":
        this.#own = message.you.author;
        this.model.join(message.chat, message.more, message.instance !== this.#instance);
        this.#instance = message.instance;
        this.#asked = 0;
        this.#pinned.show(message.state.pinned);
        return this.show();
      case "state":
        return this.#pinned.show(message.state.pinned);
      case "chat":
        this.model.add(message.message, message.key);
        return this.show({ fresh: message.message.author === this.#own ? 0 : 1 });
      case "deleted":
        this.model.delete(message.ids);
        return this.show();
      case "standing":
        this.model.setSupporter(message.author, message.supporter);
        return this.show();
      case "purged":
        this.model.purge(message.author, message.upTo);
        return this.show();
      case "older":
        this.#asked = 0;
        this.model.addOlder(message.before, message.chat, message.more);
        return this.show();
      case "error":
        // What was asked may have been refused: scrolling asks again.
        this.#asked = 0;
    }
  }

  /** @param {{ own?: boolean, fresh?: number }} [change] As {@linkcode ChatList.show} takes it. */
  show(change) {
    this.list.show(this.model.entries, { more: this.model.olderThan !== null, ...change });
  }

  /**
   * @param {HTMLElement} item
   * @param {import("./chat_model.js").ChatEntry} entry
   */
  #fill(item, entry) {
    const { message } = entry;
    const { name, text: written, author, mentions } = message;
    const own = this.#own;
    const answersMe = author !== own && this.model.isReplyTo(message, own);
    const forMe = answersMe || (mentions?.includes(own) ?? false);
    fillMessage(item, message, { forMe, at: this.#timeOf(entry) });
    item.querySelector(".message-reply")
      ?.setAttribute("aria-label", text("common.chat.replyTo", { name }));
    item.querySelector(".message-more")
      ?.setAttribute("aria-label", text("common.chat.moderate", { name, text: written }));
  }

  /** @param {import("./chat_model.js").ChatEntry} entry */
  #timeOf({ status, message }) {
    return status === "sent" ? this.#here(message.at) : message.at;
  }

  #askOlder() {
    const before = this.model.olderThan;
    if (before === null || before === this.#asked) return;
    if (this.#ask(before)) this.#asked = before;
  }
}
