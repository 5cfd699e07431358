/**
 * Exponential backoff. Each wait is random, so that viewers do not all return at once, between `first` and a bound that
 * doubles with each attempt up to `last`.
 */
export class Backoff {
  #first;
  #last;
  #random;
  #attempts = 0;

  /**
   * @param {object} [options]
   * @param {number} [options.first] Milliseconds.
   * @param {number} [options.last] Milliseconds.
   * @param {() => number} [options.random] At least 0 and less than 1.
   */
  constructor({ first = 500, last = 5000, random = Math.random } = {}) {
    this.#first = first;
    this.#last = last;
    this.#random = random;
  }

  /** @returns {number} Milliseconds to wait before the next attempt. */
  next() {
    const bound = Math.min(this.#last, this.#first * 2 ** Math.min(++this.#attempts, 30));
    return this.#first + this.#random() * (bound - this.#first);
  }

  /** Call this after an attempt succeeds. */
  reset() {
    this.#attempts = 0;
  }
}
