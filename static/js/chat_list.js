import { byId, setText } from "./dom.js";
import { clockText } from "./time_text.js";

/** @typedef {import("./chat_model.js").ChatEntry} ChatEntry */

/** The list counts as scrolled to its end within this distance. Pixels. */
const NEAR = 48;

/** Shows the messages. */
export class ChatList {
  #scroller = byId("chat-scroller", HTMLElement);
  #older = byId("chat-older", HTMLElement);
  #list = byId("messages", HTMLOListElement);
  #template = byId("message-template", HTMLTemplateElement);
  #unread = byId("unread", HTMLButtonElement);
  #here;
  /** @type {Map<string, { entry: ChatEntry, element: HTMLLIElement }>} */
  #shown = new Map();
  #atEnd = true;
  #unreadCount = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => void} options.onTop The viewer scrolled to the oldest message.
   * @param {(key: string) => void} options.onRetry
   * @param {(key: string) => void} options.onDiscard
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ onTop, onRetry, onDiscard, here }) {
    this.#here = here;
    const scroller = this.#scroller;
    scroller.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
      if (this.#atEnd) this.#setUnread(0);
      if (scrollTop < 2 * NEAR) onTop();
    }, { passive: true });
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(scroller);
    this.#unread.addEventListener("click", () => {
      this.#setUnread(0);
      this.#toEnd();
      scroller.focus();
    });
    this.#list.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      const key = button?.closest("li")?.dataset.key;
      if (!key) return;
      if (button.className === "retry") onRetry(key);
      else onDiscard(key);
    });
  }

  /**
   * Shows exactly these entries. A list at its end stays there; otherwise the entry being read stays in its place.
   *
   * @param {readonly ChatEntry[]} entries
   * @param {object} change
   * @param {boolean} change.more Whether there are older messages to load.
   * @param {boolean} [change.own] Whether the viewer just wrote; the list then scrolls to its end.
   * @param {number} [change.fresh] How many entries count as unread.
   */
  show(entries, { more, own = false, fresh = 0 }) {
    const follow = this.#atEnd || own;
    const read = follow ? undefined : this.#firstInSight();
    const y = read?.getBoundingClientRect().y ?? 0;
    this.#older.hidden = !more;
    this.#reconcile(entries);
    if (follow) this.#toEnd();
    else if (read?.isConnected) this.#scroller.scrollTop += read.getBoundingClientRect().y - y;
    if (!follow) this.#setUnread(this.#unreadCount + fresh);
    this.#refreshRetries();
  }

  #firstInSight() {
    const { top } = this.#scroller.getBoundingClientRect();
    for (const { element } of this.#shown.values()) {
      if (element.getBoundingClientRect().bottom > top) return element;
    }
  }

  /** @param {readonly ChatEntry[]} entries */
  #reconcile(entries) {
    if (this.#shown.size === 0) this.#list.replaceChildren();
    const before = this.#shown;
    this.#shown = new Map();
    for (const entry of entries) {
      const known = before.get(entry.key);
      before.delete(entry.key);
      const element = known?.element ?? this.#create(entry.key);
      if (known?.entry !== entry) this.#fill(element, entry);
      this.#shown.set(entry.key, { entry, element });
    }
    for (const { element } of before.values()) element.remove();
    let next = this.#list.firstElementChild;
    for (const { element } of this.#shown.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.#list.insertBefore(element, next);
    }
  }

  /** @param {string} key */
  #create(key) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    const element = /** @type {HTMLLIElement} */ (copy.querySelector("li"));
    element.dataset.key = key;
    return element;
  }

  /**
   * @param {HTMLLIElement} item
   * @param {ChatEntry} entry
   */
  #fill(item, { message, status, reason, retryAt }) {
    const part = (
      /** @type {string} */ selector,
    ) => /** @type {HTMLElement} */ (item.querySelector(selector));
    item.dataset.status = status;
    item.dataset.supporter = String(message.supporter);
    setText(part(".message-name"), message.name);
    part(".message-name").style.setProperty("--hue", String(message.hue));
    setText(part(".message-text"), message.text);
    const time = /** @type {HTMLTimeElement} */ (part("time"));
    const at = status === "sent" ? this.#here(message.at) : message.at;
    time.dateTime = new Date(at).toISOString();
    setText(time, clockText(at));
    part(".message-state").hidden = status !== "failed";
    setText(part(".message-state span"), reason ?? "");
    part(".retry").hidden = retryAt === undefined;
  }

  /** Enables the Retry buttons when their wait is over, and shows how long that takes. */
  #refreshRetries() {
    clearTimeout(this.#timer);
    let waiting = false;
    for (const { entry: { status, retryAt }, element } of this.#shown.values()) {
      if (status !== "failed" || retryAt === undefined) continue;
      const retry = /** @type {HTMLButtonElement} */ (element.querySelector(".retry"));
      const seconds = Math.ceil((retryAt - Date.now()) / 1000);
      retry.disabled = seconds > 0;
      setText(retry, seconds > 0 ? `Retry in ${seconds} s` : "Retry");
      waiting ||= seconds > 0;
    }
    if (waiting) this.#timer = setTimeout(() => this.#refreshRetries(), 1000);
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#atEnd = true;
  }

  /** @param {number} count */
  #setUnread(count) {
    this.#unreadCount = count;
    this.#unread.hidden = count === 0;
    setText(this.#unread, count === 1 ? "1 new message" : `${count} new messages`);
  }
}
