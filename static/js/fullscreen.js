import { byId } from "./dom.js";
import { text } from "./text.js";

/** Shows the picture on the whole display. On iPhones, which cannot do that, it fills the window. */
export class Fullscreen {
  #root = document.documentElement;
  #button = byId("fullscreen", HTMLButtonElement);
  #onChange;

  /** @param {{ onChange: (on: boolean) => void }} options */
  constructor({ onChange }) {
    this.#onChange = onChange;
    document.addEventListener("fullscreenchange", () => {
      this.#show(document.fullscreenElement !== null);
    });
    this.#button.addEventListener("click", () => this.toggle());
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

  /** @param {boolean} on */
  #show(on) {
    if (on === this.isOn) return;
    this.#root.dataset.full = String(on);
    this.#button.title = text(on ? "watch.fullscreen.leave" : "watch.fullscreen.title");
    this.#button.setAttribute("aria-pressed", String(on));
    this.#onChange(on);
  }
}
