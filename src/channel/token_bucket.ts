import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** Options of {@linkcode TokenBuckets}. */
export interface TokenBucketsOptions {
  /** Tokens in a full bucket. */
  readonly capacity: number;
  /** Milliseconds until one token is added. */
  readonly refillMs: number;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Number of buckets at which full ones are removed. */
const SWEEP_AT = 1_000;

/** Limits how often each of many keys may act: a burst first, then a steady rate. */
export class TokenBuckets {
  readonly #capacity: number;
  readonly #refillMs: number;
  readonly #clock: Pick<Clock, "monotonic">;
  /** When each bucket will be full again. */
  readonly #fullAt = new Map<string, number>();
  #sweepAt = SWEEP_AT;

  /** Begins with full buckets. */
  constructor({ capacity, refillMs, clock = SYSTEM_CLOCK }: TokenBucketsOptions) {
    this.#capacity = capacity;
    this.#refillMs = refillMs;
    this.#clock = clock;
  }

  /** Returns the milliseconds until this key has a token; 0 if it has one now. */
  waitOf(key: string): number {
    const fullAt = this.#fullAt.get(key) ?? -Infinity;
    const spare = (this.#capacity - 1) * this.#refillMs;
    return Math.max(0, Math.ceil(fullAt - spare - this.#clock.monotonic()));
  }

  /** Takes tokens from this key's bucket, on credit if it has too few. */
  take(key: string, count = 1): void {
    const now = this.#clock.monotonic();
    if (this.#fullAt.size >= this.#sweepAt) this.#sweep(now);
    this.#fullAt.set(key, Math.max(this.#fullAt.get(key) ?? 0, now) + count * this.#refillMs);
  }

  /** Removes full buckets; the next sweep is due when twice as many as remain are in use. */
  #sweep(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#fullAt.size);
  }
}
