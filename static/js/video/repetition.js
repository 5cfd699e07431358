import { DEVICE_CLOCK } from "../clock.js";

/** So often within this time, and it is no coincidence. Milliseconds. */
const OFTEN = 8;
const WITHIN_MS = 20_000;

/** Tells a device that is too slow from one that was busy for a moment: there, the same thing happens again and again. */
export class Repetition {
  #clock;
  /** When it happened, oldest first. Milliseconds. @type {number[]} */
  #times = [];

  /** @param {Pick<import("../clock.js").Clock, "monotonic">} [clock] */
  constructor(clock = DEVICE_CLOCK) {
    this.#clock = clock;
  }

  /**
   * Notes that it happened.
   *
   * @returns {boolean} Whether it happens again and again.
   */
  again() {
    const now = this.#clock.monotonic();
    this.#times = this.#times.filter((time) => now - time < WITHIN_MS);
    this.#times.push(now);
    return this.#times.length >= OFTEN;
  }
}
