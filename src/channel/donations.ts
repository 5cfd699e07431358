import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { ChatMessage, Donation, Support, Supporter } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import { hueOf } from "./authors.ts";
import type { Chat } from "./chat.ts";
import type { DonationHistory } from "./donation_history.ts";
import { checkGift, type Gift } from "./gift.ts";
import type { Moderation } from "./moderation.ts";
import { NAMELESS } from "./name.ts";
import type { People } from "./people.ts";
import { attempt, duration, type Outcome, refuse, refuseMuted } from "./refusal.ts";
import type { ChatStore, DonationStore, KeptDonation, RemovedDonation } from "./store.ts";
import { plainText } from "./text.ts";
import { TokenBuckets } from "./token_bucket.ts";

/** Options of {@linkcode Donations}. */
export interface DonationsOptions {
  /** Stores the donations. */
  readonly store: DonationStore;
  /** Stores their lines in the chat. */
  readonly lines: Pick<ChatStore, "gifts">;
  /** Deletes their lines. */
  readonly chat: Pick<Chat, "events">;
  /** Caches what viewers have donated. */
  readonly history: DonationHistory;
  /** Names and standing of authors. */
  readonly people: People;
  /** Time-outs, bans and blocked words. */
  readonly moderation: Moderation;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** A new donation, and who made it. */
export interface NewlyDonated {
  /** The donation itself. */
  readonly donation: Donation;
  /** Its line in the chat. */
  readonly message: ChatMessage;
  /** `null` for a donor without a cookie. */
  readonly viewer: string | null;
  /** The same donor in public. */
  readonly author: string | null;
  /** Whose share of the celebrations it uses: the donor's address or network. */
  readonly capacityKey: string;
}

/** Events of {@linkcode Donations}. */
export interface DonationEvents {
  /** A new donation was stored. */
  readonly donation: NewlyDonated;
  /** The streamer removed this author from the list of supporters. */
  readonly remove: { readonly author: string };
  /** This donation no longer counts, because its line in the chat was deleted. */
  readonly removeDonation: RemovedDonation;
}

/** A stored donation. */
export interface Given {
  /** The donation itself. */
  readonly donation: Donation;
  /** Whether it had been stored before, and so is not celebrated again. */
  readonly repeated: boolean;
}

/** How many supporters, and how many donations, a page lists. */
export const LISTED = 20;

/** One donor: three donations at once, then one in 10 s. */
const BURST = 3;
const REFILL_MS = 10_000;

/** Without a key, the same donation of the same viewer this soon is a double click. Milliseconds. */
const DOUBLE_CLICK_MS = 3_000;

const NOTHING: Support = {
  supporters: [],
  gifts: [],
  totals: { supporters: 0, donations: 0, amount: 0 },
};

interface Unkeyed {
  readonly at: number;
  readonly donation: Donation;
}

/** Checks and stores donations, and lists the supporters. No money moves. */
export class Donations {
  /** Emits what changes. */
  readonly events: Emitter<DonationEvents> = new Emitter();
  readonly #options: Required<DonationsOptions>;
  readonly #buckets: TokenBuckets;
  /** The newest donations without a key, by author. */
  readonly #unkeyed = new Map<string, Unkeyed>();
  #count: number;

  /**
   * Opens the donations on their store.
   *
   * @throws {StoreError} It cannot be read.
   */
  constructor(options: DonationsOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
    const { clock } = this.#options;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
    this.#count = options.store.count();
    options.chat.events.on(
      "deleteGifts",
      (donations) => donations.forEach((id) => this.#remove(id)),
    );
  }

  /** Donations made since the data file was begun. */
  get count(): number {
    return this.#count;
  }

  /** Stores a donation. A refused one is not stored. */
  give(gift: Gift): Outcome<Given> {
    const given = attempt(() => this.#repeated(gift) ?? this.#give(gift));
    if ("refused" in given || "repeated" in given) return given;
    const { viewer, capacityKey = "" } = gift;
    const author = this.#authorOf(viewer);
    this.events.emit("donation", { ...given, viewer, author, capacityKey });
    if (author !== null) this.#options.people.announce(author);
    return { donation: given.donation, repeated: false };
  }

  /** Returns what viewers gave; nothing if it cannot be read. */
  support(): Support {
    const { store, lines } = this.#options;
    const read = attempt(() => ({ gifts: lines.gifts(LISTED), totals: store.totals() }));
    if ("refused" in read) return NOTHING;
    return { supporters: this.supporters(), ...read };
  }

  /** Returns up to `limit` donations whose ids are above this one, oldest first. */
  after(id: number, limit: number): Outcome<{ readonly donations: readonly Donation[] }> {
    return attempt(() => ({ donations: this.#options.store.after(id, limit) }));
  }

  /**
   * Returns the most generous who are not banned: by amount, then by number of donations, then the
   * newest first. A name with a blocked word in it is left out.
   */
  supporters(limit: number = LISTED): Supporter[] {
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
   * Removes an author from the list of supporters, until they donate again. Their donations stay
   * counted.
   *
   * @returns Whether they were on it.
   */
  removeSupporter(author: string): Outcome<{ readonly removed: boolean }> {
    const { store, history, people } = this.#options;
    const outcome = attempt(() => ({ removed: store.removeSupporter(author) }));
    history.refresh(author);
    if ("refused" in outcome) return outcome;
    this.events.emit("remove", { author });
    people.announce(author);
    return outcome;
  }

  /** Returns whether a viewer is on the list of supporters. */
  isSupporter(viewer: string): boolean {
    return this.#options.history.isSupporter(viewer);
  }

  /**
   * Returns until when a viewer has priority on a shared uplink, as wall time: a minute from their
   * newest donation; 0 once that is over, and for everyone else.
   */
  priorityUntil(viewer: string): number {
    return this.#options.history.priorityUntil(viewer);
  }

  /** Takes a donation out of all sums. */
  #remove(id: number): void {
    const { store, history, people, log } = this.#options;
    const outcome = attempt(() => ({ removed: store.remove(id) }));
    if ("refused" in outcome) {
      return log.warn(`A removed donation still counts: ${outcome.refused.reason}`);
    }
    const { removed } = outcome;
    if (!removed) return;
    const { author } = removed;
    if (author !== null) history.refresh(author);
    this.events.emit("removeDonation", removed);
    if (author !== null) people.announce(author);
  }

  #repeated({ viewer, key, amount = null, message = "" }: Gift): Given | null {
    const author = this.#authorOf(viewer);
    if (key) {
      const donation = this.#options.store.find(author, key);
      return donation && { donation, repeated: true };
    }
    const last = author === null ? undefined : this.#unkeyed.get(author);
    if (!last || last.at + DOUBLE_CLICK_MS <= this.#options.clock.monotonic()) return null;
    const { donation } = last;
    const same = donation.amount === amount && donation.message === plainText(message);
    return same ? { donation, repeated: true } : null;
  }

  #give(gift: Gift): Outcome<KeptDonation> {
    const { store, history, moderation, log, clock } = this.#options;
    const { viewer, key = "", amount = null } = gift;
    const mutedUntil = viewer === null ? 0 : moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, clock.wall());
    const checked = checkGift(gift);
    if ("refused" in checked) return checked;
    const { message } = checked;
    const unwanted = moderation.check(message);
    if (unwanted) return refuse(unwanted);
    const author = this.#authorOf(viewer);
    const wait = this.#buckets.waitOf(author ?? "");
    if (wait) return refuse("donating-too-fast", { wait: duration(wait) }, wait);
    const named = this.#name(gift);
    if ("refused" in named) return named;
    const kept = store.add({
      ...{ at: clock.wall(), name: named.name, amount, message, author, key: key || null },
      hue: hueOf(author ?? ""),
    });
    const { donation } = kept;
    this.#count++;
    log.info("New donation", {
      from: donation.name,
      ...(amount !== null && { amount }),
      ...(message && { message }),
    });
    this.#buckets.take(author ?? "");
    if (author !== null) history.refresh(author);
    if (author !== null && !key) this.#remember(author, { at: clock.monotonic(), donation });
    return kept;
  }

  #name({ viewer, name }: Gift): Outcome<{ readonly name: string }> {
    const { people } = this.#options;
    // Without a cookie there is nobody to keep the name for, so it serves this once.
    if (viewer === null) {
      if (name === undefined) return { name: NAMELESS };
      return people.nameFrom(name, null);
    }
    if (name !== undefined) return people.rename(viewer, name);
    return { name: people.of(viewer).name ?? NAMELESS };
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
    return viewer === null ? null : this.#options.people.authorOf(viewer);
  }
}
