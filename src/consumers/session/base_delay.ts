/** How long a delay is remembered, in two halves. Milliseconds. */
const REMEMBERED_MS = 10_000;
/** Until then a delay may be overestimated, as the first parts are large. Milliseconds. */
const KNOWN_AFTER_MS = 1500;
const UNKNOWN_MS = 50;
/** A longer delay is a queue, however long it has lasted. Milliseconds. */
const LONGEST_MS = 300;

/**
 * The delay of a link with nothing in its way: the shortest that parts had lately, as LEDBAT takes it (RFC
 * 6817 section 3.4.2).
 */
export class BaseDelay {
  #firstAt = Infinity;
  #lastAt = -Infinity;
  #shortest = { at: -Infinity, before: Infinity, now: Infinity };

  /** Milliseconds; 0 while nothing is known. */
  get ms(): number {
    const { before, now } = this.#shortest;
    const shortest = Math.min(before, now);
    if (shortest === Infinity) return 0;
    const isKnown = this.#lastAt - this.#firstAt > KNOWN_AFTER_MS;
    return Math.min(shortest, isKnown ? LONGEST_MS : UNKNOWN_MS);
  }

  /**
   * Takes how long a part was under way.
   *
   * @param at When it arrived. Monotonic time; all times are in milliseconds.
   * @param mayGrow Whether older delays may be forgotten by now.
   */
  take(transit: number, at: number, mayGrow: boolean): void {
    this.#firstAt = Math.min(this.#firstAt, at);
    this.#lastAt = at;
    const shortest = this.#shortest;
    if (mayGrow && at - shortest.at > REMEMBERED_MS / 2) {
      this.#shortest = { at, before: shortest.now, now: transit };
    } else shortest.now = Math.min(shortest.now, transit);
  }

  /** Starts over: from now on, delays are measured in another way. */
  forget(): void {
    this.#shortest = { at: -Infinity, before: Infinity, now: Infinity };
  }
}
