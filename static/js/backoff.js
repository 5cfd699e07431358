/**
 * How long to wait before the next attempt: at random, so that viewers do not all come back at once, between `first` and
 * a bound that doubles with each attempt until it is `last`.
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
   * @param {() => number} [options.random] 0 up to but not 1.
   */
  constructor({ first = 500, last = 5000, random = Math.random } = {}) {
    this.#first = first;
    this.#last = last;
    this.#random = random;
  }

  /** @returns {number} Milliseconds to wait now. */
  next() {
    const bound = Math.min(this.#last, this.#first * 2 ** Math.min(++this.#attempts, 30));
    return this.#first + this.#random() * (bound - this.#first);
  }

  /** To be called when an attempt has succeeded. */
  reset() {
    this.#attempts = 0;
  }
}
