import { byId } from "./dom.js";

/** The choices on a small screen: a sheet that opens and closes. */
export class ChoicesSheet {
  #root = document.documentElement;
  #opener = byId("open-settings", HTMLButtonElement);
  #form = byId("settings", HTMLElement);

  constructor() {
    this.#opener.addEventListener("click", () => this.toggle());
    byId("close-settings", HTMLButtonElement).addEventListener("click", () => this.close());
  }

  get #isOpen() {
    return this.#root.dataset.sheet === "settings";
  }

  toggle() {
    this.#show(!this.#isOpen);
    if (this.#isOpen || getComputedStyle(this.#opener).display === "none") {
      /** @type {HTMLElement | null} */ (this.#form.querySelector("button[name]"))?.focus();
    }
  }

  /** @returns {boolean} Whether it was open. */
  close() {
    const open = this.#isOpen;
    const inside = this.#form.contains(document.activeElement);
    this.#show(false);
    if (open && inside) this.#opener.focus();
    return open;
  }

  /** @param {boolean} open */
  #show(open) {
    this.#root.dataset.sheet = open ? "settings" : "";
    this.#opener.setAttribute("aria-expanded", String(open));
  }
}
