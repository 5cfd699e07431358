import { element, setText } from "../dom.js";
import { giftText, textNodes } from "../message_view.js";
import { clockText } from "../time_text.js";

/** @typedef {import("../../../src/live_messages.ts").ChatMessage} ChatMessage */

/** Within so many pixels of its end, the list follows new messages. */
const NEAR_END = 40;

/** The newest messages of the chat, to read. */
export class ChatView {
  #list;
  /** @type {Map<number, HTMLLIElement>} */
  #items = new Map();

  /** @param {HTMLElement} list Scrolls. */
  constructor(list) {
    this.#list = list;
  }

  /** @param {readonly ChatMessage[]} messages Oldest first. What is not among them is removed. */
  show(messages) {
    const list = this.#list;
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    const ids = new Set(messages.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (ids.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    for (const message of messages) {
      if (this.#items.has(message.id)) continue;
      const item = itemOf(message);
      this.#items.set(message.id, item);
      list.append(item);
    }
    if (follows) list.scrollTop = list.scrollHeight;
  }
}

/** @param {ChatMessage} message */
function itemOf({ at, name, hue, text, gift }) {
  const item = element("li");
  const time = element("time");
  time.dateTime = new Date(at).toISOString();
  setText(time, clockText(at));
  const author = element("bdi", name, "hls-name");
  author.style.setProperty("--hue", String(hue));
  const written = element("span");
  written.dir = "auto";
  written.append(...textNodes(text));
  item.append(time, " ", author, " ");
  if (gift) item.append(element("b", giftText(gift)), " ");
  item.append(written);
  return item;
}
