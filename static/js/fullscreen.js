import { byId } from "./dom.js";

/**
 * The screen, and the chat beside it, on the whole display. Where a browser cannot (iPhones), at least in its whole window.
 */
export class Fullscreen {
  #root = document.documentElement;
  #button = byId("fullscreen", HTMLButtonElement);
  #chatButton = byId("show-chat", HTMLButtonElement);

  constructor() {
    document.addEventListener("fullscreenchange", () => {
      this.#show(document.fullscreenElement !== null);
    });
    this.#button.addEventListener("click", () => this.toggle());
    this.#chatButton.addEventListener("click", () => this.toggleChat());
  }

  get isOn() {
    return this.#root.dataset.full === "true";
  }

  async toggle() {
    const on = !this.isOn;
    this.#show(on);
    try {
      if (on) await this.#root.requestFullscreen();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // Refused, or not known here: the window has to do.
    }
  }

  /** Shows or hides the chat in fullscreen. @returns {boolean} Whether it is now shown. */
  toggleChat() {
    const shown = this.#root.dataset.chat === "hidden";
    this.#root.dataset.chat = shown ? "shown" : "hidden";
    this.#chatButton.setAttribute("aria-pressed", String(shown));
    return shown;
  }

  /** @param {boolean} on */
  #show(on) {
    this.#root.dataset.full = String(on);
    this.#button.title = `${on ? "Leave fullscreen" : "Fullscreen"} (F)`;
    this.#button.setAttribute("aria-pressed", String(on));
  }
}
