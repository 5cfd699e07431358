import { TokenBuckets } from "../channel/token_bucket.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** Requests answered at once, and milliseconds until there is room for one more. */
const BURST = 200;
const REFILL_MS = 1;

/** Time for which one request may keep the server busy. Most take less. Milliseconds. */
const TURN_MS = 0.5;

/**
 * How long a request may wait for its turn. Milliseconds. A school class that opens the page at once
 * requests about 3,500 files from one address, and gets them all within this time.
 */
export const MAX_WAIT_MS = 4_000;

/** Limits how fast the requests of one client are answered. */
export class RequestPace {
  readonly #buckets: TokenBuckets;

  /** Creates a pace at which nobody has taken a turn. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
  }

  /**
   * Takes a client's next turn.
   *
   * @returns Milliseconds until that turn; `null`, without taking one, if that is too long.
   */
  take(client: string): number | null {
    const wait = this.#buckets.waitOf(client);
    if (wait > MAX_WAIT_MS) return null;
    this.#buckets.take(client);
    return wait;
  }

  /**
   * Takes more turns for a request that took longer than one.
   *
   * @param busy For how long it kept the server busy. Milliseconds.
   */
  charge(client: string, busy: number): void {
    const turns = Math.floor(busy / TURN_MS);
    if (turns > 0) this.#buckets.take(client, turns);
  }
}
