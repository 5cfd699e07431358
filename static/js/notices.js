import { byId, setText } from "./dom.js";

const SHOWN_MS = 8000;

/** Shows errors to everyone, and announces changes to screen readers. */
export class Notices {
  #toast = byId("toast", HTMLElement);
  #announcement = byId("announcement", HTMLElement);
  /** @type {number | undefined} */
  #timer;

  /** @param {string} message */
  error(message) {
    this.#toast.textContent = message;
    this.#toast.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#toast.hidden = true, SHOWN_MS);
  }

  /** @param {string} text */
  announce(text) {
    setText(this.#announcement, text);
  }
}
