export interface TokenBucketsOptions {
  /** How many at once. */
  readonly capacity: number;
  /** Milliseconds until there is one more. */
  readonly refillMs: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

/** Buckets looked through before another one is added. */
const SWEEP_AT = 1_000;

/** Lets each of many do something a few times at once, and then once in a while. */
export class TokenBuckets {
  readonly #options: TokenBucketsOptions;
  /** When each one's bucket will be full again. */
  readonly #fullAt = new Map<string, number>();
  #sweepAt = SWEEP_AT;

  constructor(options: TokenBucketsOptions) {
    this.#options = options;
  }

  /** Milliseconds until there is one for this person; 0 when there is one now. */
  waitOf(who: string): number {
    const { capacity, refillMs, now } = this.#options;
    const fullAt = this.#fullAt.get(who) ?? -Infinity;
    return Math.max(0, Math.ceil(fullAt - (capacity - 1) * refillMs - now()));
  }

  /** Takes some at once: from those that are there, and from those to come. */
  take(who: string, count = 1): void {
    const now = this.#options.now();
    if (this.#fullAt.size >= this.#sweepAt) this.#sweep(now);
    this.#fullAt.set(
      who,
      Math.max(this.#fullAt.get(who) ?? 0, now) + count * this.#options.refillMs,
    );
  }

  /** Forgets full buckets; the next look comes when there are twice as many as are left. */
  #sweep(now: number): void {
    for (const [who, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(who);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#fullAt.size);
  }
}
