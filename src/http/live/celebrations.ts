import type { Community } from "../../channel/community.ts";
import { TokenBuckets } from "../../channel/token_bucket.ts";
import type { Donation, ServerMessage } from "../../live_messages.ts";
import { SUPPORTERS } from "./hello.ts";

export interface CelebrationsOptions {
  readonly community: Pick<Community, "donations" | "moderation">;
  /** Tells every page. */
  readonly toAll: (message: ServerMessage) => void;
  /** Monotonic time, milliseconds. */
  readonly now: () => number;
}

/** A donation that waits for its turn, or has it. */
interface Celebrated {
  readonly donation: Donation;
  /** `null` for a donor without a cookie. */
  readonly author: string | null;
}

/** How long one has every screen to itself; a page shows it for half a second less. Milliseconds. */
export const CELEBRATION_MS = 5_000;

/** How many may wait for their turn. */
export const MAX_WAITING = 5;

/** Of one address, whatever cookies it shows: three at once, then one in half a minute. */
const BURST = 3;
const REFILL_MS = 30_000;

/** The least time between two lists of supporters to every page. Milliseconds. */
const LIST_INTERVAL_MS = 1_000;

/**
 * Shows donations on every screen, one after another, and keeps the lists of supporters up to date.
 * A donation beyond the limits counts as any other, but is not celebrated.
 */
export class Celebrations {
  readonly #options: CelebrationsOptions;
  readonly #buckets: TokenBuckets;
  #waiting: Celebrated[] = [];
  #shown: Celebrated | null = null;
  #shownAt = -Infinity;
  #listedAt = -Infinity;
  #isListOld = false;

  constructor(options: CelebrationsOptions) {
    this.#options = options;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, now: options.now });
  }

  /**
   * Celebrates a donation when its turn comes, if it is within the limits.
   *
   * @param author Of the donor; `null` without a cookie.
   * @param capacityKey Whose share it uses; see `Networks.capacityKey`.
   */
  add(donation: Donation, author: string | null, capacityKey: string): void {
    if (this.#waiting.length < MAX_WAITING && this.#buckets.waitOf(capacityKey) === 0) {
      this.#buckets.take(capacityKey);
      this.#waiting.push({ donation, author });
    }
    this.supportersChanged();
  }

  /** Takes an author's celebrations off every screen, at once. */
  withdraw(author: string): void {
    const shown = this.#isShowing ? this.#shown : null;
    this.#waiting = this.#waiting.filter((one) => one.author !== author);
    this.#list(shown?.author === author ? shown.donation.id : undefined);
  }

  /** Sends every page the list of supporters, at once or when it was sent a moment ago. */
  supportersChanged(): void {
    this.#isListOld = true;
    this.tick();
  }

  /** To be called several times a second. */
  tick(): void {
    if (this.#waiting.length > 0 && !this.#isShowing) this.#celebrate();
    if (this.#isListOld && this.#options.now() - this.#listedAt >= LIST_INTERVAL_MS) this.#list();
  }

  get #isShowing(): boolean {
    return this.#options.now() - this.#shownAt < CELEBRATION_MS;
  }

  #celebrate(): void {
    const { community: { donations, moderation }, toAll, now } = this.#options;
    // The streamer may have blocked a word of it while it waited.
    this.#waiting = this.#waiting.filter(({ donation: { name, message } }) =>
      moderation.check(name) === null && moderation.check(message) === null
    );
    const next = this.#waiting.shift();
    if (!next) return;
    this.#shown = next;
    this.#shownAt = this.#listedAt = now();
    this.#isListOld = false;
    const { donation } = next;
    toAll({ type: "donation", donation, supporters: donations.supporters(SUPPORTERS) });
  }

  #list(withdrawn?: number): void {
    const { community: { donations }, toAll, now } = this.#options;
    this.#listedAt = now();
    this.#isListOld = false;
    toAll({ type: "supporters", supporters: donations.supporters(SUPPORTERS), withdrawn });
  }
}
