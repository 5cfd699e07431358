/** How many looks fit into the limit: the more there are, the more exact the limit is. */
export const LOOKS_PER_LIMIT = 20;

/**
 * Detects that a counter, which should always move, is stuck.
 *
 * Time counts only while the observer itself runs: a gap between two looks counts as two intervals at
 * most. So a suspended machine, a stopped process (SIGSTOP) or a starved processor, which hold up the
 * observer as well, are not mistaken for a standstill.
 */
export class Standstill {
  readonly #limitMs: number;
  #counter: number | null = null;
  #lastLookAt = 0;
  #stillMs = 0;

  /**
   * Creates a detector that has seen no value yet.
   *
   * @param limitMs For how many milliseconds the counter may rest.
   */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** The interval between two looks, in milliseconds. */
  get lookEveryMs(): number {
    return this.#limitMs / LOOKS_PER_LIMIT;
  }

  /**
   * Takes the value of the counter and returns whether it has rested for as long as the limit.
   *
   * @param at Monotonic time, milliseconds.
   */
  look(counter: number, at: number): boolean {
    const gap = Math.min(at - this.#lastLookAt, 2 * this.lookEveryMs);
    this.#stillMs = counter === this.#counter ? this.#stillMs + gap : 0;
    this.#counter = counter;
    this.#lastLookAt = at;
    return this.#stillMs >= this.#limitMs;
  }
}
