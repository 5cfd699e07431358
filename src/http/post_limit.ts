import { TokenBuckets } from "../channel/token_bucket.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { HttpProblem } from "./problem.ts";
import type { Call, Check } from "./router.ts";

/** Enough for a household, or a school class, behind one address. */
const BURST = 60;
const REFILL_MS = 100;

/**
 * How often one address may change something, by whichever way: who sends another cookie each
 * time is another viewer each time, but comes from the same address.
 */
export class PostLimit {
  readonly #buckets: TokenBuckets;

  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
  }

  /**
   * Counts a change; gives 0, or how long its sender has to wait instead, in milliseconds.
   *
   * @param capacityKey Whose share it uses; see `Networks.capacityKey`.
   */
  take(capacityKey: string): number {
    const wait = this.#buckets.waitOf(capacityKey);
    if (wait === 0) this.#buckets.take(capacityKey);
    return wait;
  }
}

/** What the sender of too much is told. */
export const TOO_MUCH = "Wait a moment: too much was sent from your address";

/** Refuses requests that would change something and come too fast, with 429. */
export function checkPace(posts: PostLimit, isPaced: (call: Call) => boolean): Check {
  return (call) => {
    if (!isPaced(call)) return null;
    const wait = posts.take(call.capacityKey);
    if (wait === 0) return null;
    throw new HttpProblem(429, TOO_MUCH, { "retry-after": String(Math.ceil(wait / 1000)) });
  };
}
