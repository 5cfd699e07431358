/** @typedef {import("../../../src/live_messages.ts").SoundLevel} SoundLevel */

/** What a meter shows at most below the loudest. Decibels. */
export const QUIETEST_DB = -60;

/** How fast the bar falls. Decibels a second. */
const FALL = 25;
/** How long the mark of the loudest sample stays before it falls. Milliseconds. */
const PEAK_HOLD_MS = 1500;
/** From this level on, samples are cut off, or held down by the limiter that follows the gain. Decibels. */
const CLIPPING_DB = -0.3;
/** How long a meter shows that. Milliseconds. */
const CLIP_HOLD_MS = 2000;

/** What a level meter shows: it rises at once, and falls slowly enough for the eye. */
export class LevelBallistics {
  /** @type {SoundLevel} */
  #shown = { peak: QUIETEST_DB, rms: QUIETEST_DB };
  #updatedAt = 0;
  #peakAt = 0;
  #clippedAt = -Infinity;

  /**
   * Takes the newest level. Returns what to show.
   *
   * @param {SoundLevel} level
   * @param {number} now Monotonic time in milliseconds.
   */
  update({ peak, rms }, now) {
    const fall = FALL * Math.max(0, now - this.#updatedAt) / 1000;
    this.#updatedAt = now;
    if (peak >= CLIPPING_DB) this.#clippedAt = now;
    const isHeld = now - this.#peakAt < PEAK_HOLD_MS;
    const heldPeak = this.#shown.peak - (isHeld ? 0 : fall);
    if (peak >= heldPeak) this.#peakAt = now;
    this.#shown = {
      peak: within(Math.max(peak, heldPeak)),
      rms: within(Math.max(rms, this.#shown.rms - fall)),
    };
    return { ...this.#shown, isClipping: now - this.#clippedAt < CLIP_HOLD_MS };
  }
}

/** @param {number} level */
function within(level) {
  return Math.min(0, Math.max(QUIETEST_DB, level));
}

/**
 * Returns the part of a meter that a level fills, 0..1.
 *
 * @param {number} level Decibels.
 */
export function partOfMeter(level) {
  return 1 - within(level) / QUIETEST_DB;
}
