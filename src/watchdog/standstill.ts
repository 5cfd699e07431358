/** Looks within the limit. The more there are, the more exactly the limit is kept. */
export const LOOKS_PER_LIMIT = 20;

/**
 * Detects that a counter, which should move all the time, stands still.
 *
 * Time counts only while the observer itself runs: a gap between two looks counts as two looks'
 * time at most. So a suspended machine, a stopped process (SIGSTOP) or a starved processor, which
 * hold up the observer as well, are not mistaken for a standstill.
 */
export class Standstill {
  readonly #limitMs: number;
  #counter: number | null = null;
  #lastLookAt = 0;
  #stillMs = 0;

  /** @param limitMs For how many milliseconds the counter may rest. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Milliseconds from one look to the next. */
  get lookEveryMs(): number {
    return this.#limitMs / LOOKS_PER_LIMIT;
  }

  /**
   * Takes the counter's value and returns whether it has rested for as long as the limit.
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
