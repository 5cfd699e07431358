/** The pauses before a target is tried again, the last one from then on. Milliseconds. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** Each pause differs by up to this share, so that several targets do not come back at the same moment. */
const JITTER = 0.2;

/** After so long of good work, a failure counts as the first. Milliseconds. */
const FORGIVEN_MS = 60_000;

/** Decides how long a target rests after it failed. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /**
   * Nothing has failed yet.
   *
   * @param random Returns a number from 0 to 1. Default: `Math.random`.
   */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /**
   * Notes a failure.
   *
   * @param workedFor How long it had worked before. Milliseconds.
   * @returns How long to wait before the next try. Milliseconds.
   */
  failed(workedFor: number): number {
    if (workedFor >= FORGIVEN_MS) this.#failures = 0;
    const pause = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    return pause * (1 + JITTER * (2 * this.#random() - 1));
  }

  /** Forgets all failures. */
  reset(): void {
    this.#failures = 0;
  }
}
