import { TokenBuckets } from "../channel/token_bucket.ts";

/** Requests that are answered at once, and milliseconds until there is room for one more. */
const BURST = 200;
const REFILL_MS = 1;

/** A request may keep the server busy for so long, where one that takes less is the rule. Milliseconds. */
const TURN_MS = 0.5;

/**
 * How long a request may wait for its turn. Milliseconds. A school class that opens the page at one
 * time asks for about 3,500 files from one address, and gets them all within that.
 */
export const MAX_WAIT_MS = 4_000;

/** How fast the requests of one client are answered. */
export class RequestPace {
  readonly #buckets: TokenBuckets;

  /** @param now Monotonic clock, milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#buckets = new TokenBuckets({
      capacity: BURST,
      refillMs: REFILL_MS,
      clock: { monotonic: now },
    });
  }

  /**
   * Takes a client's next turn.
   *
   * @returns Milliseconds until it comes; `null` if that is too long, which takes no turn.
   */
  take(client: string): number | null {
    const wait = this.#buckets.waitOf(client);
    if (wait > MAX_WAIT_MS) return null;
    this.#buckets.take(client);
    return wait;
  }

  /** Takes more turns for a request that kept the server busy for longer. Milliseconds. */
  charge(client: string, busy: number): void {
    const turns = Math.floor(busy / TURN_MS);
    if (turns > 0) this.#buckets.take(client, turns);
  }
}
