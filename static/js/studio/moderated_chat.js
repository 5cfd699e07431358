import { ChatModel } from "../chat_model.js";
import { byId, setText } from "../dom.js";
import { clockText } from "../time_text.js";
import { confirmed } from "./confirm.js";
import { copyOf, KeyedList, partOf } from "./keyed_list.js";
import { countText } from "./text.js";

/** @typedef {import("../../../src/live_messages.ts").ChatMessage} ChatMessage */
/** @typedef {import("../chat_model.js").ChatEntry} ChatEntry */
/** @typedef {import("./act.js").Act} Act */

/** The list counts as scrolled to its end within this distance. Pixels. */
const NEAR = 48;

/** The chat in the studio, where each message opens the actions against it and its author. */
export class ModeratedChat {
  #scroller = byId("chat-scroller", HTMLElement);
  #empty = byId("chat-empty", HTMLElement);
  #older = byId("chat-older", HTMLButtonElement);
  #unread = byId("unread", HTMLButtonElement);
  #slow = byId("chat-slow", HTMLElement);
  #template = byId("message-template", HTMLTemplateElement);
  #moderation = copyOf(byId("moderation-template", HTMLTemplateElement));
  #model = new ChatModel();
  #act;
  #here;
  /** @type {KeyedList<ChatEntry>} */
  #list;
  /** @type {WeakMap<HTMLElement, ChatMessage>} What each item shows. */
  #filled = new WeakMap();
  /** The key of the message whose actions are open. */
  #open = "";
  /** @type {string | null} The streamer as an author, whom nobody should ban by mistake. */
  #own = null;
  #unreadCount = 0;
  #atEnd = true;

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {(before: number) => void} options.onOlder
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ act, onOlder, here }) {
    this.#act = act;
    this.#here = here;
    this.#list = new KeyedList({
      parent: byId("messages", HTMLOListElement),
      keyOf: ({ key }) => key,
      create: (key) => this.#create(key),
      fill: (item, { message }) => {
        // Messages are immutable, but another server may reuse the id.
        if (this.#filled.get(item) === message) return;
        this.#filled.set(item, message);
        this.#fill(item, message);
      },
      fallback: this.#scroller,
    });
    this.#older.addEventListener("click", () => {
      const before = this.#model.olderThan;
      if (before !== null) onOlder(before);
    });
    this.#unread.addEventListener("click", () => {
      this.#toEnd();
      this.#scroller.focus();
    });
    this.#scroller.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
      if (this.#atEnd) this.#setUnread(0);
    }, { passive: true });
    this.#moderation.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      if (button) this.#moderate(button);
    });
    this.#scroller.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open) this.#toggle(this.#open);
    });
  }

  /**
   * @param {readonly ChatMessage[]} chat
   * @param {boolean} more
   * @param {boolean} fresh Whether this is a different server.
   * @param {string} own The streamer as an author.
   */
  join(chat, more, fresh, own) {
    this.#own = own;
    this.#model.join(chat, more, fresh);
    this.#show();
  }

  /** @param {ChatMessage} message */
  add(message) {
    this.#model.add(message);
    this.#show(1);
  }

  /**
   * @param {number} before
   * @param {readonly ChatMessage[]} chat
   * @param {boolean} more
   */
  addOlder(before, chat, more) {
    const { scrollHeight, scrollTop } = this.#scroller;
    this.#atEnd = false;
    this.#model.addOlder(before, chat, more);
    this.#show();
    this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
  }

  /** @param {readonly number[]} ids */
  delete(ids) {
    this.#model.delete(ids);
    this.#show();
  }

  /**
   * @param {string} author Whose messages were deleted.
   * @param {number} upTo
   */
  purge(author, upTo) {
    this.#model.purge(author, upTo);
    this.#show();
  }

  /** @param {number} seconds */
  showSlowMode(seconds) {
    this.#slow.hidden = seconds === 0;
    setText(this.#slow, `Slow mode: ${countText(seconds, "second", "seconds")}`);
  }

  /** @param {number} [fresh] How many messages count as unread. */
  #show(fresh = 0) {
    const { entries, olderThan } = this.#model;
    if (this.#open && !entries.some(({ key }) => key === this.#open)) this.#close();
    this.#list.show(entries);
    this.#empty.hidden = entries.length > 0;
    this.#older.hidden = olderThan === null;
    // While the actions of a message are open, it must not move.
    if (this.#atEnd && !this.#open) this.#toEnd();
    else this.#setUnread(this.#unreadCount + fresh);
  }

  #toEnd() {
    this.#setUnread(0);
    this.#atEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** @param {number} count */
  #setUnread(count) {
    this.#unreadCount = count;
    this.#unread.hidden = count === 0;
    if (count > 0) setText(this.#unread, countText(count, "new message", "new messages"));
  }

  /** @param {string} key */
  #create(key) {
    const item = copyOf(this.#template);
    item.dataset.key = key;
    partOf(item, ".message-more").addEventListener("click", () => this.#toggle(key));
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {ChatMessage} message
   */
  #fill(item, { name, hue, text, at, supporter }) {
    const nameElement = partOf(item, ".message-name");
    nameElement.textContent = name;
    nameElement.style.setProperty("--hue", String(hue));
    partOf(item, ".message-text").textContent = text;
    partOf(item, ".message-supporter").hidden = !supporter;
    partOf(item, ".message-more").setAttribute("aria-label", `Moderate ${name}: ${text}`);
    const time = /** @type {HTMLTimeElement} */ (partOf(item, "time"));
    time.dateTime = new Date(this.#here(at)).toISOString();
    time.textContent = clockText(this.#here(at));
  }

  /** @param {string} key */
  #toggle(key) {
    const isOpen = this.#open === key;
    this.#close();
    const entry = this.#model.entries.find((one) => one.key === key);
    const item = this.#itemOf(key);
    if (isOpen || !entry || !item) return;
    this.#open = key;
    const { name, author } = entry.message;
    this.#moderation.setAttribute("aria-label", `Moderate ${name}`);
    for (const button of this.#moderation.querySelectorAll("button")) {
      button.hidden = author === this.#own && button.dataset.do !== "delete";
    }
    item.append(this.#moderation);
    item.dataset.open = "true";
    partOf(item, ".message-more").setAttribute("aria-expanded", "true");
    this.#moderation.scrollIntoView({ block: "nearest" });
  }

  #close() {
    const item = this.#itemOf(this.#open);
    if (item) {
      const more = partOf(item, ".message-more");
      more.setAttribute("aria-expanded", "false");
      if (this.#moderation.contains(document.activeElement)) more.focus();
      delete item.dataset.open;
    }
    this.#moderation.remove();
    this.#open = "";
  }

  /** @param {string} key */
  #itemOf(key) {
    const item = this.#scroller.querySelector(`[data-key="${CSS.escape(key)}"]`);
    return item instanceof HTMLElement ? item : null;
  }

  /** @param {HTMLButtonElement} button */
  async #moderate(button) {
    const entry = this.#model.entries.find(({ key }) => key === this.#open);
    if (!entry) return;
    const { id, author, name } = entry.message;
    if (button.dataset.do === "delete") {
      await this.#act("admin/chat/delete", { ids: [id] }, "The message was not deleted");
      return;
    }
    if (button.dataset.do === "time-out") {
      const seconds = Number(button.dataset.seconds);
      const done = await this.#act(
        "admin/chat/time-out",
        { author, seconds },
        `${name} can still write`,
      );
      if (done && this.#open === entry.key) this.#close();
      return;
    }
    const sure = await confirmed({
      title: `Ban ${name}?`,
      text: "This deletes all their messages for good and removes them from the supporters. " +
        "They can no longer watch or write. " +
        "You can lift the ban later, but not restore the messages.",
      yes: "Ban",
    });
    if (sure) await this.#act("admin/chat/ban", { author }, `${name} was not banned`);
  }
}
