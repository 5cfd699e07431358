import { TIMESCALE } from "./fmp4.js";

/** How much one interval counts in the mean. */
const WEIGHT = 1 / 16;

/** Intervals are taken to be within these. Milliseconds. */
const SHORTEST = 1000 / 120;
const LONGEST = 1000;

/** Until there is a mean. Milliseconds. */
const USUAL = 1000 / 30;

/**
 * Gives each frame its place on a timeline without holes, at the rate at which frames were captured lately: MediaSource
 * players stop at every hole, which capture times leave where a frame is missing.
 */
export class Timeline {
  #mean = USUAL;
  /** @type {number | null} */
  #capturedAt = null;
  #end = 0;

  /**
   * Returns time and duration of the next frame, in units of `TIMESCALE`.
   *
   * @param {number | null} at When it was captured, in milliseconds.
   * @returns {{ time: number, duration: number }}
   */
  next(at) {
    if (at !== null && this.#capturedAt !== null) {
      const interval = Math.min(LONGEST, Math.max(SHORTEST, at - this.#capturedAt));
      this.#mean += WEIGHT * (interval - this.#mean);
    }
    this.#capturedAt = at;
    const time = this.#end;
    const duration = Math.round(this.#mean * TIMESCALE / 1000);
    this.#end += duration;
    return { time, duration };
  }

  /** The next frame does not follow the last one closely: what lies between them is no interval. */
  interrupt() {
    this.#capturedAt = null;
  }
}
