import { explain } from "../channel/explanation.ts";
import { TokenBuckets } from "../channel/token_bucket.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { HttpProblem } from "./problem.ts";
import type { Call } from "./call.ts";
import type { Check, Policy } from "./route.ts";

/** Changes allowed at once: enough for a household, or a school class, behind one address. */
const BURST = 60;
const REFILL_MS = 100;

/**
 * Limits how often one address may change something, over HTTP or a page socket. Viewers do not count:
 * a client that sends a new cookie each time is a new viewer each time, but has the same address.
 */
export class PostLimit {
  readonly #buckets: TokenBuckets;

  /** Creates a limit against which nothing counts yet. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
  }

  /**
   * Counts a change and returns 0, or counts nothing and returns how long its sender has to wait, in
   * milliseconds.
   *
   * @param capacityKey The client; see `Networks.capacityKey`.
   */
  take(capacityKey: string): number {
    const wait = this.#buckets.waitOf(capacityKey);
    if (wait === 0) this.#buckets.take(capacityKey);
    return wait;
  }

  /**
   * Counts a change, or refuses it.
   *
   * @throws {HttpProblem} 429 if changes come too fast.
   */
  charge(capacityKey: string): void {
    const wait = this.take(capacityKey);
    if (wait === 0) return;
    throw new HttpProblem(429, explain("too-much"), {
      "retry-after": String(Math.ceil(wait / 1000)),
    });
  }
}

/** Refuses requests that come too fast with 429. */
export function checkPace(
  posts: PostLimit,
  isPaced: (call: Call, policy: Policy) => boolean,
): Check {
  return (call, policy) => {
    if (isPaced(call, policy)) posts.charge(call.capacityKey);
    return null;
  };
}
