/** @typedef {{ at: number, value: number | null }} Sample `at` in milliseconds; `null` for an unknown value. */

/** The values of a number over a span of time. */
export class Samples {
  #span;
  /** @type {Sample[]} Oldest first. */
  #samples = [];

  /** @param {number} span Milliseconds. */
  constructor(span) {
    this.#span = span;
  }

  /**
   * @param {number} at Milliseconds; not earlier than the previous sample.
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

  /** The highest value; 0 without values. */
  get highest() {
    return this.#samples.reduce((high, { value }) => Math.max(high, value ?? 0), 0);
  }
}

/**
 * Rounds up to the next round number, for an axis that is easy to read.
 *
 * @param {number} value Above 0.
 * @param {readonly number[]} steps The round numbers from 1 to below 10, lowest first; their products with powers of ten are round, too.
 */
export function roundUp(value, steps) {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of steps) if (value <= step * power * (1 + 1e-9)) return step * power;
  return 10 * power;
}
