import { text } from "../text.js";

/** Names of errors: the browser wants a tap first; `stop()` came before it played. */
const NEEDS_TAP = "NotAllowedError";
const STOPPED = "AbortError";

/**
 * Plays `/sound.mp3` in an audio element, seconds late: for browsers that cannot decode packets, and pages without a
 * WebSocket.
 */
export class SoundElement {
  #audio = new Audio();

  /** @param {() => void} onChange Whether it plays changed. */
  constructor(onChange) {
    for (const event of ["playing", "waiting", "pause", "error"]) {
      this.#audio.addEventListener(event, onChange);
    }
  }

  get isPlaying() {
    const { paused, ended, error, readyState } = this.#audio;
    return !paused && !ended && !error && readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** Whether the browser wants a tap first. */
  get isBlocked() {
    return this.#audio.paused;
  }

  /** @param {number} volume 0..1. */
  set volume(volume) {
    this.#audio.volume = volume;
  }

  /** @throws {Error} The browser cannot play it, in the words of the page's language. */
  async play() {
    // Live: what an earlier connection sent is of no use.
    if (!this.isPlaying) this.#audio.src = "sound.mp3";
    try {
      await this.#audio.play();
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      if (name === NEEDS_TAP || name === STOPPED) return;
      this.stop();
      throw new Error(text("watch.sound.unplayable"));
    }
  }

  stop() {
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }
}
