import { byId } from "./dom.js";
import { shortcutOf, shortcutsFor } from "./shortcuts.js";
import { text } from "./text.js";

/** The controls of the embedded player: pause, sound, quality and fullscreen, with the keys of the watch page. */
export class EmbedControls {
  #root = document.documentElement;
  #pause = byId("pause", HTMLButtonElement);
  #quality = byId("quality", HTMLSelectElement);
  #fullscreen = byId("fullscreen", HTMLButtonElement);
  #volume;
  #onPause;
  #onQuality;

  /**
   * @param {object} options
   * @param {Pick<import("./volume.js").Volume, "toggle" | "step">} options.volume
   * @param {(paused: boolean) => void} options.onPause
   * @param {() => void} options.onQuality Another quality was chosen.
   */
  constructor({ volume, onPause, onQuality }) {
    this.#volume = volume;
    this.#onPause = onPause;
    this.#onQuality = onQuality;
    this.#pause.addEventListener("click", () => this.pause(!this.#isPaused));
    this.#quality.addEventListener("change", onQuality);
    // The page around the frame decides whether it may fill the display.
    this.#fullscreen.hidden = !document.fullscreenEnabled;
    this.#fullscreen.addEventListener("click", () => this.#toggleFullscreen());
    document.addEventListener("fullscreenchange", () => this.#showFullscreen());
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** The name of the chosen quality level. */
  get quality() {
    return this.#quality.value;
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.#root.dataset.paused = String(paused);
    this.#pause.setAttribute("aria-label", text(paused ? "watch.cover.return" : "watch.pause"));
    this.#onPause(paused);
  }

  get #isPaused() {
    return this.#root.dataset.paused === "true";
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const qualities = Array.from(this.#quality.options, (option) => ({
      name: option.value,
      label: option.label,
    }));
    const shortcut = shortcutOf(shortcutsFor(qualities), event, document.activeElement);
    if (shortcut?.forSound && this.#root.dataset.sound === "off") return;
    if (shortcut?.action === "pause") this.pause(!this.#isPaused);
    else if (shortcut?.action === "fullscreen") this.#toggleFullscreen();
    else if (shortcut?.action === "mute") this.#volume.toggle();
    else if (shortcut?.action === "volume") this.#volume.step(event.key === "ArrowUp" ? 1 : -1);
    else if (shortcut?.quality) {
      this.#quality.value = shortcut.quality;
      this.#onQuality();
    } else return;
    event.preventDefault();
  }

  async #toggleFullscreen() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await this.#root.requestFullscreen();
    } catch {
      // The page around the frame does not allow it.
    }
  }

  #showFullscreen() {
    const isFull = document.fullscreenElement !== null;
    this.#root.dataset.full = String(isFull);
    const label = text(isFull ? "watch.fullscreen.leave" : "watch.keys.fullscreen");
    this.#fullscreen.setAttribute("aria-label", label);
  }
}
