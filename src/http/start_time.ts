export interface StartTimeOptions {
  /** Milliseconds since the Unix epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. Default: since the program's start. */
  readonly monotonic?: () => number;
}

/** By less than that clocks drift apart, or are brought together again, without being set. */
const DRIFT_MS = 2_000;

/** When the program started, by the system's clock as it is now, also after it was set. */
export class StartTime {
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #startedAt: number;
  #told: number;

  constructor({ now = Date.now, monotonic = () => performance.now() }: StartTimeOptions = {}) {
    this.#now = now;
    this.#monotonic = monotonic;
    this.#startedAt = monotonic();
    this.#told = now();
  }

  /** Milliseconds since the Unix epoch; the same each time while nobody sets the clock. */
  get at(): number {
    const at = this.#now() - (this.#monotonic() - this.#startedAt);
    if (Math.abs(at - this.#told) > DRIFT_MS) this.#told = at;
    return this.#told;
  }
}
