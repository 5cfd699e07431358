import { byId, setText } from "./dom.js";
import { textNodes } from "./message_view.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/** The message that the streamer pinned, above the others: one line that opens to the whole text. */
export class PinnedMessage {
  #box = byId("pinned", HTMLDetailsElement);
  #list;
  /** @type {ChatMessage | undefined} */
  message;

  /** @param {Pick<import("./chat_list.js").ChatList, "keepPlace">} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {ChatMessage | undefined} message */
  show(message) {
    if (message?.id === this.message?.id && message?.at === this.message?.at) return;
    this.message = message;
    this.#list.keepPlace(() => this.#fill(message));
  }

  /** @param {ChatMessage | undefined} message */
  #fill(message) {
    this.#box.hidden = message === undefined;
    this.#box.open = false;
    if (!message) return;
    const name = byId("pinned-name", HTMLElement);
    setText(name, message.name);
    name.style.setProperty("--hue", String(message.hue));
    setText(byId("pinned-line", HTMLElement), message.text);
    byId("pinned-text", HTMLElement).replaceChildren(...textNodes(message.text));
  }
}
