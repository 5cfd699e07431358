import { byId } from "./dom.js";

/**
 * Shows the screen, with the chat beside it, on the whole display. On iPhones, which cannot do that, it fills the window.
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
      // Refused or not supported: it fills the window instead.
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
