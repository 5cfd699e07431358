import { byId, setText } from "./dom.js";

/** How long each is shown. Milliseconds. */
const SHOWN_MS = { error: 8000, success: 2500 };

/** Shows errors and successes to everyone, and announces changes to screen readers. */
export class Notices {
  #toast = byId("toast", HTMLElement);
  #announcement = byId("announcement", HTMLElement);
  /** @type {number | undefined} */
  #timer;

  /** @param {string} message */
  error(message) {
    this.#show(message, "error");
  }

  /** @param {string} message What the viewer has done, where nothing else shows it. */
  success(message) {
    this.#show(message, "success");
  }

  /**
   * @param {string} message
   * @param {"error" | "success"} kind
   */
  #show(message, kind) {
    this.#toast.dataset.kind = kind;
    this.#toast.textContent = message;
    this.#toast.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#toast.hidden = true, SHOWN_MS[kind]);
  }

  /** @param {string} text */
  announce(text) {
    setText(this.#announcement, text);
  }
}
