import { TokenBuckets } from "./token_bucket.ts";

/** Messages that someone may send at once. */
const BURST = 3;
/** Milliseconds until they may send one more. */
const REFILL_MS = 2_000;
/** People looked through before another one is remembered. */
const SWEEP_AT = 1_000;

/** How fast each person may write: three at once, then one in two seconds, and slow mode. */
export class Pace {
  readonly #now: () => number;
  readonly #buckets: TokenBuckets;
  readonly #lastAt = new Map<string, number>();
  #sweepAt = SWEEP_AT;

  /** @param now Milliseconds of a clock that nobody sets. */
  constructor(now: () => number) {
    this.#now = now;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, now });
  }

  /** Milliseconds until this person may write; 0 when they may now. */
  waitOf(who: string, slowMode: number): { readonly burst: number; readonly slow: number } {
    const lastAt = this.#lastAt.get(who) ?? -Infinity;
    return {
      burst: this.#buckets.waitOf(who),
      slow: Math.max(0, Math.ceil(lastAt + 1000 * slowMode - this.#now())),
    };
  }

  /** Counts one message, as slow mode is by now. */
  count(who: string, slowMode: number): void {
    const now = this.#now();
    this.#buckets.take(who);
    if (this.#lastAt.size >= this.#sweepAt) {
      for (const [one, at] of this.#lastAt) {
        if (at + 1000 * slowMode <= now) this.#lastAt.delete(one);
      }
      this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#lastAt.size);
    }
    this.#lastAt.set(who, now);
  }
}
