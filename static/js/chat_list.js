import { byId, setText } from "./dom.js";
import { text } from "./text.js";
import { clockText } from "./time_text.js";

/** @typedef {import("./chat_model.js").ChatEntry} ChatEntry */

/** The list counts as scrolled to its end within this distance. Pixels. */
const NEAR = 48;

/** Shows the messages, and keeps the place where the viewer reads. */
export class ChatList {
  #scroller = byId("chat-scroller", HTMLElement);
  #older = byId("chat-older", HTMLButtonElement);
  #list = byId("messages", HTMLOListElement);
  #template = byId("message-template", HTMLTemplateElement);
  #unread = byId("unread", HTMLButtonElement);
  #fill;
  #timeOf;
  /** @type {Map<string, { entry: ChatEntry, element: HTMLLIElement }>} */
  #shown = new Map();
  #atEnd = true;
  #unreadCount = 0;

  /**
   * @param {object} options
   * @param {(item: HTMLElement, entry: ChatEntry) => void} options.fill Shows an entry in a copy of the template.
   * @param {(entry: ChatEntry) => number} options.timeOf On this device's clock.
   * @param {() => void} options.onOlder The viewer wants older messages.
   * @param {(message: ChatEntry["message"]) => void} options.onReply The viewer wants to answer this message.
   */
  constructor({ fill, timeOf, onOlder, onReply }) {
    this.#fill = fill;
    this.#timeOf = timeOf;
    const scroller = this.#scroller;
    scroller.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
      if (this.#atEnd) this.#setUnread(0);
      if (scrollTop < 2 * NEAR) onOlder();
    }, { passive: true });
    new ResizeObserver(() => this.#follows && this.#toEnd()).observe(scroller);
    this.#older.addEventListener("click", onOlder);
    this.#unread.addEventListener("click", () => {
      this.#toEnd();
      scroller.focus();
    });
    this.#list.addEventListener("click", ({ target }) => {
      const clicked = /** @type {Element} */ (target);
      const quote = clicked.closest(".message-quote");
      if (quote instanceof HTMLElement) this.#jumpTo(quote.dataset.reply ?? "");
      const replied = clicked.closest(".message-reply")?.closest("li");
      const message = replied && this.messageOf(replied);
      if (message) onReply(message);
      // On a touch screen, a tap shows what the pointer shows elsewhere.
      const item = clicked.closest("a, button") ? null : clicked.closest(".message");
      for (const { element } of this.#shown.values()) {
        element.classList.toggle("touched", element === item);
      }
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
    const follow = this.#follows || own;
    const hadFocus = this.#list.contains(document.activeElement);
    const reconcile = () => {
      this.#older.hidden = !more;
      this.#reconcile(entries);
    };
    if (follow) {
      reconcile();
      this.#toEnd();
    } else {
      this.keepPlace(reconcile);
      this.#setUnread(this.#unreadCount + fresh);
    }
    if (hadFocus && !this.#list.contains(document.activeElement)) this.#scroller.focus();
  }

  /** @param {() => void} change Of the layout, after which the entry being read is where it was. */
  keepPlace(change) {
    const read = this.#firstInSight();
    const y = read?.getBoundingClientRect().y ?? 0;
    change();
    if (read?.isConnected) this.#scroller.scrollTop += read.getBoundingClientRect().y - y;
    if (this.#follows) this.#toEnd();
  }

  /** The element whose children are the messages. */
  get element() {
    return this.#list;
  }

  /** @param {HTMLLIElement} item */
  messageOf(item) {
    const entry = this.#shown.get(item.dataset.key ?? "")?.entry;
    return entry?.status === "sent" ? entry.message : null;
  }

  /** At its end the list follows new messages, unless the actions of one are open, which must not move. */
  get #follows() {
    return this.#atEnd && !this.#list.querySelector("[data-open]");
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
    let minute = "";
    for (const entry of entries) {
      const known = before.get(entry.key);
      before.delete(entry.key);
      const element = known?.element ?? this.#create(entry.key);
      if (known?.entry !== entry) {
        element.dataset.status = entry.status;
        this.#fill(element, entry);
      }
      // The time stands beside the first message of each minute, and beside others on hover.
      const now = clockText(this.#timeOf(entry));
      element.classList.toggle("first-of-minute", now !== minute);
      minute = now;
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

  /** @param {string} id Of a message; one that is not loaded may be among the older ones. */
  #jumpTo(id) {
    const item = this.#list.querySelector(`[data-message="${CSS.escape(id)}"]`);
    if (!(item instanceof HTMLElement)) return this.#scroller.scrollTo(0, 0);
    item.scrollIntoView({ block: "center" });
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
  }

  #toEnd() {
    this.#setUnread(0);
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#atEnd = true;
  }

  /** @param {number} count */
  #setUnread(count) {
    this.#unreadCount = count;
    this.#unread.hidden = count === 0;
    if (count > 0) setText(this.#unread, text("common.chat.unread", { count }));
  }
}
