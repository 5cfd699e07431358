/** No change of pitch by more is tolerable. */
const MAX_CHANGE = 0.02;

/** What an error of a millisecond changes: most of it is gone after five seconds. */
const PROPORTIONAL = 0.0004;

/** What an error of a millisecond changes each second, so that a clock that is fast for ever leaves no error. */
const INTEGRAL = 0.00002;

/** Clocks of devices differ by less. */
const MAX_INTEGRAL = 0.01;

/** Larger errors say nothing about clocks. Milliseconds. */
const MAX_LEARNED_MS = 50;

/** Chooses the rate at which sound plays, so that it comes in time (a PI controller). */
export class RateControl {
  #integral = 0;

  /**
   * @param {number} error How much too late the sound is, in milliseconds.
   * @param {number} duration For how long the rate is kept, in milliseconds.
   * @returns {number} More than 1 to play faster.
   */
  follow(error, duration) {
    if (Math.abs(error) <= MAX_LEARNED_MS) {
      this.#integral = within(
        this.#integral + error * INTEGRAL * duration / 1000,
        MAX_INTEGRAL,
      );
    }
    return 1 + within(error * PROPORTIONAL + this.#integral, MAX_CHANGE);
  }
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.max(-most, Math.min(most, value));
}
