import type { Clock } from "../clock.ts";
import type { Reaction } from "../live_messages.ts";
import type { Moderation } from "./moderation.ts";
import { duration, refuse, type Refused, refuseMuted } from "./refusal.ts";
import { TokenBuckets } from "./token_bucket.ts";

/** Options of {@linkcode Reactions}. */
export interface ReactionsOptions {
  /** Time-outs and bans. */
  readonly moderation: Moderation;
  /** The time of waiting. */
  readonly clock: Clock;
}

/** How many of each kind. */
export type ReactionCounts = Partial<Record<Reaction, number>>;

/** One viewer: four at once, then two a second. */
const VIEWER = { capacity: 4, refillMs: 500 };

/** Everyone behind one address: twenty at once, then ten a second. */
const ADDRESS = { capacity: 20, refillMs: 100 };

/** Counts what viewers send with one tap, so that pages get sums however many viewers there are. */
export class Reactions {
  readonly #options: ReactionsOptions;
  readonly #viewers: TokenBuckets;
  readonly #addresses: TokenBuckets;
  #counts: ReactionCounts = {};
  #total = 0;

  /** Begins without any. */
  constructor(options: ReactionsOptions) {
    this.#options = options;
    const { clock } = options;
    this.#viewers = new TokenBuckets({ ...VIEWER, clock });
    this.#addresses = new TokenBuckets({ ...ADDRESS, clock });
  }

  /** Reactions accepted since the start. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts a reaction; returns `null`, or why it is not counted.
   *
   * @param capacityKey The viewer's address or network.
   */
  react(viewer: string, reaction: Reaction, capacityKey: string): Refused | null {
    const { moderation, clock } = this.#options;
    const mutedUntil = moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, clock.wall());
    const wait = Math.max(this.#viewers.waitOf(viewer), this.#addresses.waitOf(capacityKey));
    if (wait) return refuse("reacting-too-fast", { wait: duration(wait) }, wait);
    this.#viewers.take(viewer);
    this.#addresses.take(capacityKey);
    this.#counts = { ...this.#counts, [reaction]: (this.#counts[reaction] ?? 0) + 1 };
    this.#total++;
    return null;
  }

  /** Returns how many came since the last call; `null` if none did. */
  take(): ReactionCounts | null {
    const counts = this.#counts;
    this.#counts = {};
    return Object.keys(counts).length > 0 ? counts : null;
  }
}
