import { byId } from "./dom.js";
import { recall, remember } from "./remembered.js";

/** Theatre mode: the picture as wide as the window, and the chat below it. The browser remembers it. */
export class Theatre {
  #root = document.documentElement;
  #button = byId("theatre", HTMLButtonElement);

  constructor() {
    this.#show(recall("theatre") === "true");
    this.#button.addEventListener("click", () => this.toggle());
  }

  toggle() {
    const on = this.#root.dataset.theatre !== "true";
    this.#show(on);
    remember("theatre", String(on));
  }

  /** @param {boolean} on */
  #show(on) {
    this.#root.dataset.theatre = String(on);
    this.#button.setAttribute("aria-pressed", String(on));
  }
}
