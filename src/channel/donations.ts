import type { Donation, Supporter } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import { type Authors, hueOf } from "./authors.ts";
import type { Givings } from "./givings.ts";
import { MAX_KEY } from "./key.ts";
import type { Moderation } from "./moderation.ts";
import { NAMELESS } from "./name.ts";
import type { People } from "./people.ts";
import { attempt, duration, type Outcome, refuse, refuseMuted } from "./refusal.ts";
import type { DonationStore } from "./store.ts";
import { lengthOf, plainText } from "./text.ts";
import { TokenBuckets } from "./token_bucket.ts";

export interface DonationsOptions {
  readonly store: DonationStore;
  readonly authors: Authors;
  readonly givings: Givings;
  readonly people: People;
  readonly moderation: Moderation;
  readonly log: Logger;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** What someone wants to give. */
export interface Gift {
  /** `null` for who has no cookie: thanked and counted, but not on the list and no supporter. */
  readonly viewer: string | null;
  /** The page's own name for it, up to 64 characters: given again with it, it counts once. */
  readonly key?: string;
  /** The viewer's name from now on. */
  readonly name?: string;
  /** Above 0, to 1,000,000, with up to two decimals. */
  readonly amount?: number | null;
  /** Up to 200 code points. */
  readonly message?: string;
}

/** A donation that is kept; `repeated` if it was already, and is not to be celebrated again. */
export interface Given {
  readonly donation: Donation;
  readonly repeated: boolean;
}

export const MAX_AMOUNT = 1_000_000;

/** The most code points of a donation's message. */
export const MAX_DONATION_MESSAGE = 200;

/** Donations of one person: three at once, then one in ten seconds. */
const BURST = 3;
const REFILL_MS = 10_000;

/** Without a key, the same from the same viewer so soon is a double click. Milliseconds. */
const DOUBLE_CLICK_MS = 3_000;

interface Unkeyed {
  readonly at: number;
  readonly donation: Donation;
}

/** Takes donations and knows the supporters. No money moves. */
export class Donations {
  readonly #options: DonationsOptions;
  readonly #buckets: TokenBuckets;
  /** The newest donations without a key, by author. */
  readonly #unkeyed = new Map<string, Unkeyed>();
  #count: number;

  /** @throws {StoreError} What was kept cannot be read. */
  constructor(options: DonationsOptions) {
    this.#options = options;
    const now = options.monotonic;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, now });
    this.#count = options.store.count();
  }

  /** Donations ever. */
  get count(): number {
    return this.#count;
  }

  /** Takes a donation. What is returned is kept; what is refused is not. */
  give(gift: Gift): Outcome<Given> {
    return attempt(() => this.#repeated(gift) ?? this.#give(gift));
  }

  /**
   * The most generous who are not banned: by amount, then by how often, then the newest first. A
   * name with a blocked word in it is not shown.
   */
  supporters(limit: number): Supporter[] {
    const read = attempt(() => ({ supporters: this.#options.store.supporters(limit) }));
    if ("refused" in read) return [];
    return read.supporters.map(({ author, name, donations, amount, lastAt }) => ({
      name: this.#options.moderation.fitName(name) ?? NAMELESS,
      hue: hueOf(author),
      author,
      donations,
      amount,
      lastAt,
    }));
  }

  /**
   * Takes an author off the list of supporters, until they give again. What they gave stays counted.
   *
   * @returns Whether they were on it.
   */
  removeSupporter(author: string): Outcome<{ readonly removed: boolean }> {
    const { store, givings } = this.#options;
    const outcome = attempt(() => ({ removed: store.removeSupporter(author) }));
    givings.refresh(author);
    return outcome;
  }

  isSupporter(viewer: string): boolean {
    return this.#options.givings.isSupporter(viewer);
  }

  /**
   * Until when a viewer has priority on a shared uplink, in Unix milliseconds: a minute from their
   * newest donation; 0 when that is over, and for everyone else.
   */
  priorityUntil(viewer: string): number {
    return this.#options.givings.priorityUntil(viewer);
  }

  #repeated({ viewer, key, amount = null, message = "" }: Gift): Given | null {
    const author = this.#authorOf(viewer);
    if (key) {
      const donation = this.#options.store.find(author, key);
      return donation && { donation, repeated: true };
    }
    const last = author === null ? undefined : this.#unkeyed.get(author);
    if (!last || last.at + DOUBLE_CLICK_MS <= this.#options.monotonic()) return null;
    const { donation } = last;
    const same = donation.amount === amount && donation.message === plainText(message);
    return same ? { donation, repeated: true } : null;
  }

  #give(gift: Gift): Outcome<Given> {
    const { store, givings, moderation, log, now, monotonic } = this.#options;
    const { viewer, key = "", amount = null } = gift;
    const mutedUntil = viewer === null ? 0 : moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, now());
    const unsound = unsoundKey(key) ?? unsoundAmount(amount);
    if (unsound) return refuse(unsound);
    const message = plainText(gift.message ?? "");
    if (lengthOf(message) > MAX_DONATION_MESSAGE) {
      return refuse(`This message is too long: ${MAX_DONATION_MESSAGE} characters are possible`);
    }
    const unwanted = moderation.check(message);
    if (unwanted) return refuse(unwanted);
    const author = this.#authorOf(viewer);
    const wait = this.#buckets.waitOf(author ?? "");
    if (wait) return refuse(`That was quick: your next donation in ${duration(wait)}`, wait);
    const named = this.#name(gift);
    if ("refused" in named) return named;
    const donation = store.add(
      { at: now(), name: named.name, amount, message, author, key: key || null },
    );
    this.#count++;
    log.info("New donation", {
      from: donation.name,
      ...(amount !== null && { amount }),
      ...(message && { message }),
    });
    this.#buckets.take(author ?? "");
    if (author !== null) givings.refresh(author);
    if (author !== null && !key) this.#remember(author, { at: monotonic(), donation });
    return { donation, repeated: false };
  }

  #name({ viewer, name }: Gift): Outcome<{ readonly name: string }> {
    const { people } = this.#options;
    // Who cannot be told from others cannot keep a name, and gives it for this once.
    if (viewer === null) {
      if (name === undefined) return { name: NAMELESS };
      return people.nameFrom(name, null);
    }
    const unnamed = name === undefined ? null : people.rename(viewer, name);
    return unnamed ?? { name: people.of(viewer).name ?? NAMELESS };
  }

  #remember(author: string, last: Unkeyed): void {
    for (const [one, { at }] of this.#unkeyed) {
      if (at + DOUBLE_CLICK_MS > last.at) break;
      this.#unkeyed.delete(one);
    }
    this.#unkeyed.delete(author);
    this.#unkeyed.set(author, last);
  }

  #authorOf(viewer: string | null): string | null {
    return viewer === null ? null : this.#options.authors.authorOf(viewer);
  }
}

function unsoundKey(key: string): string | null {
  return key.length <= MAX_KEY ? null : `Cannot take a key of ${key.length} characters`;
}

function unsoundAmount(amount: number | null): string | null {
  if (amount === null) return null;
  if (!(amount > 0 && amount <= MAX_AMOUNT)) {
    return `An amount is above 0 and at most ${MAX_AMOUNT}, or left out: ${amount}`;
  }
  const cents = Math.round(amount * 100) / 100 === amount;
  return cents ? null : `An amount has at most two decimals: ${amount}`;
}
