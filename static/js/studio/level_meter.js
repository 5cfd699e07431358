import { byId } from "../dom.js";
import { text } from "../text.js";
import { decimalText } from "../unit_text.js";
import { LevelBallistics, partOfMeter, QUIETEST_DB } from "./level_ballistics.js";

/** @typedef {import("../../../src/live_messages.ts").SoundLevel} SoundLevel */

/** If no level comes for this long, the source is closed. Milliseconds. */
const SILENCE_MS = 300;
/** How often screen readers get a new value. Milliseconds. */
const SPOKEN_MS = 1000;
const SILENCE = { peak: QUIETEST_DB, rms: QUIETEST_DB };

/** Shows how loud the source of sound is. */
export class LevelMeter {
  #meter = byId("level", HTMLElement);
  #clip = byId("level-clip", HTMLElement);
  #ballistics = new LevelBallistics();
  /** @type {number | undefined} */
  #timer;
  #spokenAt = -Infinity;

  /** @param {SoundLevel} level */
  show(level) {
    const now = performance.now();
    const { peak, rms, isClipping } = this.#ballistics.update(level, now);
    // The style sheet draws them, and moves them smoothly.
    this.#meter.style.setProperty("--rms", String(partOfMeter(rms)));
    this.#meter.style.setProperty("--peak", String(partOfMeter(peak)));
    this.#clip.dataset.on = String(isClipping);
    if (now - this.#spokenAt >= SPOKEN_MS) this.#speak(rms, now);
    clearTimeout(this.#timer);
    const isSilent = peak <= QUIETEST_DB && !isClipping;
    if (!isSilent) this.#timer = setTimeout(() => this.show(SILENCE), SILENCE_MS);
    else this.#speak(rms, now);
  }

  /**
   * @param {number} rms
   * @param {number} now
   */
  #speak(rms, now) {
    this.#spokenAt = now;
    this.#meter.setAttribute("aria-valuenow", String(Math.round(rms)));
    const isSilent = rms <= QUIETEST_DB;
    const value = isSilent
      ? text("studio.sound.level.silent")
      : text("studio.sound.decibels", { value: decimalText(rms, 0) });
    this.#meter.setAttribute("aria-valuetext", value);
  }
}
