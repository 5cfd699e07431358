import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { TokenBuckets } from "./token_bucket.ts";

/** Messages that a viewer may send at once. */
const BURST = 3;
/** Milliseconds until they may send one more. */
const REFILL_MS = 2_000;
/** Number of viewers at which those who no longer have to wait are removed. */
const SWEEP_AT = 1_000;

/** How long a viewer has to wait, by reason; milliseconds. */
export interface Waits {
  /** Because of too many messages at once. */
  readonly burst: number;
  /** Because of slow mode. */
  readonly slow: number;
}

/** Limits how fast each viewer writes: three messages at once, then one in 2 s; and slow mode. */
export class Pace {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #buckets: TokenBuckets;
  readonly #lastAt = new Map<string, number>();
  #sweepAt = SWEEP_AT;

  /** Begins with nobody having to wait. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
  }

  /** Returns how long this viewer has to wait; 0 if they may write now. */
  waitOf(viewer: string, slowMode: number): Waits {
    const lastAt = this.#lastAt.get(viewer) ?? -Infinity;
    return {
      burst: this.#buckets.waitOf(viewer),
      slow: Math.max(0, Math.ceil(lastAt + 1000 * slowMode - this.#clock.monotonic())),
    };
  }

  /** Counts one message. */
  count(viewer: string, slowMode: number): void {
    const now = this.#clock.monotonic();
    this.#buckets.take(viewer);
    if (this.#lastAt.size >= this.#sweepAt) {
      for (const [one, at] of this.#lastAt) {
        if (at + 1000 * slowMode <= now) this.#lastAt.delete(one);
      }
      this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#lastAt.size);
    }
    this.#lastAt.set(viewer, now);
  }
}
