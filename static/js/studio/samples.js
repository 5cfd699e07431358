/** @typedef {{ at: number, value: number | null }} Sample `at` in milliseconds; `null` where there was nothing to know. */

/** What a number was over a span of time. */
export class Samples {
  #span;
  /** @type {Sample[]} Oldest first. */
  #samples = [];

  /** @param {number} span Milliseconds. */
  constructor(span) {
    this.#span = span;
  }

  /**
   * @param {number} at Milliseconds; not before the one added last.
   * @param {number | null} value
   */
  add(at, value) {
    this.#samples.push({ at, value });
    while (this.#samples[0].at < at - this.#span) this.#samples.shift();
  }

  /** @returns {readonly Sample[]} Oldest first. */
  get all() {
    return this.#samples;
  }

  /** The highest value; 0 without any. */
  get highest() {
    return this.#samples.reduce((high, { value }) => Math.max(high, value ?? 0), 0);
  }
}

/**
 * The least round number that is not less; so that an axis is easy to read.
 *
 * @param {number} value Above 0.
 * @param {readonly number[]} steps What is round, from 1 to below 10, lowest first; with any power of ten.
 */
export function roundUp(value, steps) {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of steps) if (value <= step * power * (1 + 1e-9)) return step * power;
  return 10 * power;
}
