/** Values older than this do not count. Milliseconds. */
const KEPT_MS = 2000;

/** The median of what was measured in the last two seconds. */
export class RecentMedian {
  /** Oldest first. @type {{ at: number, value: number }[]} */
  #samples = [];

  /**
   * @param {number} at When it was measured, in milliseconds.
   * @param {number} value
   */
  add(at, value) {
    this.#samples.push({ at, value });
    if (this.#samples[0].at < at - KEPT_MS) this.#forget(at);
  }

  /**
   * @param {number} now
   * @returns {number | null} `null` if nothing was measured.
   */
  at(now) {
    this.#forget(now);
    const values = this.#samples.map(({ value }) => value).sort((a, b) => a - b);
    return values[values.length >> 1] ?? null;
  }

  /** @param {number} most Higher values do not count any more. */
  dropAbove(most) {
    this.#samples = this.#samples.filter(({ value }) => value <= most);
  }

  clear() {
    this.#samples = [];
  }

  /** @param {number} now */
  #forget(now) {
    const first = this.#samples.findIndex(({ at }) => at >= now - KEPT_MS);
    this.#samples = first < 0 ? [] : this.#samples.slice(first);
  }
}
