import { byId, setText } from "./dom.js";

const SHOWN_MS = 8000;

/** What is said beside what is shown: errors for everyone to see, and changes for those who do not see the page. */
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
