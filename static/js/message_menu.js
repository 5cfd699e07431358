/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/** The actions on a message: opened in it by its button, one message at a time. */
export class MessageMenu {
  #list;
  #menu;
  #onOpen;
  #onChoose;

  /**
   * @param {object} options
   * @param {import("./chat_list.js").ChatList} options.list
   * @param {HTMLElement} options.menu Has a button for each action.
   * @param {(menu: HTMLElement, message: ChatMessage) => void} options.onOpen Hides the actions that this message does not have.
   * @param {(button: HTMLButtonElement, message: ChatMessage) => Promise<boolean>} options.onChoose Returns whether the menu
   *   has done its work.
   */
  constructor({ list, menu, onOpen, onChoose }) {
    this.#list = list;
    this.#menu = menu;
    this.#onOpen = onOpen;
    this.#onChoose = onChoose;
    menu.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      if (button) this.#choose(button);
    });
    list.element.addEventListener("click", ({ target }) => {
      const more = /** @type {Element} */ (target).closest(".message-more");
      const item = more?.closest("li");
      if (item) this.#toggle(item);
    });
    list.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#item) return;
      event.stopPropagation();
      this.close();
    });
  }

  get #item() {
    return this.#menu.closest("li");
  }

  /** @param {HTMLLIElement} item */
  #toggle(item) {
    const wasOpen = this.#item === item;
    this.close();
    const message = this.#list.messageOf(item);
    if (wasOpen || !message) return;
    this.#onOpen(this.#menu, message);
    item.append(this.#menu);
    item.dataset.open = "true";
    item.querySelector(".message-more")?.setAttribute("aria-expanded", "true");
    this.#menu.scrollIntoView({ block: "nearest" });
  }

  close() {
    const item = this.#item;
    const more = item?.querySelector(".message-more");
    if (item && more instanceof HTMLElement) {
      more.setAttribute("aria-expanded", "false");
      if (this.#menu.contains(document.activeElement)) more.focus();
      delete item.dataset.open;
    }
    this.#menu.remove();
  }

  /** @param {HTMLButtonElement} button */
  async #choose(button) {
    const item = this.#item;
    const message = item && this.#list.messageOf(item);
    if (!message || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const isDone = await this.#onChoose(button, message);
    button.setAttribute("aria-busy", "false");
    if (isDone && this.#item === item) this.close();
  }
}
