import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { Donation, Support } from "../live_messages.ts";
import type { Donations, NewlyDonated } from "./donations.ts";
import type { Moderation } from "./moderation.ts";
import type { Room } from "./room.ts";
import { TokenBuckets } from "./token_bucket.ts";

/** Options of {@linkcode Celebrations}. */
export interface CelebrationsOptions {
  /** The donations and their supporters. */
  readonly donations: Pick<Donations, "events" | "support">;
  /** Time-outs, bans and blocked words. */
  readonly moderation: Pick<Moderation, "events" | "check">;
  /** The rules of the chat. */
  readonly room: Pick<Room, "events">;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Events of {@linkcode Celebrations}: what every screen is to show. */
export interface CelebrationEvents {
  /** A donation has the screens to itself from now on. */
  readonly show: { readonly donation: Donation; readonly support: Support };
  /** Supporters or donations changed. The donation `withdrawn` leaves the screens. */
  readonly list: { readonly support: Support; readonly withdrawn?: number };
}

/** How long a donation has every screen to itself; a page shows it half a second less. Milliseconds. */
export const CELEBRATION_MS = 5_000;

/** The most donations that wait for their turn. */
export const MAX_WAITING = 5;

/** One address, whatever cookies it sends: three celebrations at once, then one in 30 s. */
const BURST = 3;
const REFILL_MS = 30_000;

/** The least time between two lists of supporters. Milliseconds. */
const LIST_INTERVAL_MS = 1_000;

/**
 * Celebrates donations on every screen, one after another, and publishes the list of supporters. A
 * donation beyond the limits counts like any other, but is not celebrated.
 */
export class Celebrations {
  /** Emits what changes. */
  readonly events: Emitter<CelebrationEvents> = new Emitter();
  readonly #donations: CelebrationsOptions["donations"];
  readonly #moderation: CelebrationsOptions["moderation"];
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #buckets: TokenBuckets;
  #waiting: NewlyDonated[] = [];
  #shown: NewlyDonated | null = null;
  #shownAt = -Infinity;
  #listedAt = -Infinity;
  #isListOld = false;

  /** Celebrates every donation from now on. */
  constructor({ donations, moderation, room, clock = SYSTEM_CLOCK }: CelebrationsOptions) {
    this.#donations = donations;
    this.#moderation = moderation;
    this.#clock = clock;
    this.#buckets = new TokenBuckets({ capacity: BURST, refillMs: REFILL_MS, clock });
    donations.events.on("donation", (donated) => this.#add(donated));
    donations.events.on("remove", ({ author }) => this.#withdraw((one) => one.author === author));
    donations.events.on("removeDonation", ({ id }) => {
      this.#withdraw((one) => one.donation.id === id);
    });
    moderation.events.on("ban", ({ author }) => this.#withdraw((one) => one.author === author));
    moderation.events.on("pardon", () => this.#supportersChanged());
    room.events.on("change", (name) => {
      if (name === "blockedWords") this.#supportersChanged();
    });
  }

  /** Ends and begins celebrations when due; call it several times a second. */
  tick(): void {
    if (this.#waiting.length > 0 && !this.#isShowing) this.#show();
    const isDue = this.#clock.monotonic() - this.#listedAt >= LIST_INTERVAL_MS;
    if (this.#isListOld && isDue) this.#list();
  }

  /** Celebrates a donation when its turn comes, if it is within the limits. */
  #add(donated: NewlyDonated): void {
    const { capacityKey } = donated;
    if (this.#waiting.length < MAX_WAITING && this.#buckets.waitOf(capacityKey) === 0) {
      this.#buckets.take(capacityKey);
      this.#waiting.push(donated);
    }
    this.#supportersChanged();
  }

  /** Removes donations from every screen, at once. */
  #withdraw(isWithdrawn: (donated: NewlyDonated) => boolean): void {
    const shown = this.#isShowing ? this.#shown : null;
    this.#waiting = this.#waiting.filter((one) => !isWithdrawn(one));
    this.#list(shown && isWithdrawn(shown) ? shown.donation.id : undefined);
  }

  /** Publishes the list of supporters, or leaves that to a later tick if it just was. */
  #supportersChanged(): void {
    this.#isListOld = true;
    this.tick();
  }

  get #isShowing(): boolean {
    return this.#clock.monotonic() - this.#shownAt < CELEBRATION_MS;
  }

  #show(): void {
    // The streamer may have blocked a word of it while it waited.
    this.#waiting = this.#waiting.filter(({ donation: { name, message } }) =>
      this.#moderation.check(name) === null && this.#moderation.check(message) === null
    );
    const next = this.#waiting.shift();
    if (!next) return;
    this.#shown = next;
    this.#shownAt = this.#listedAt = this.#clock.monotonic();
    this.#isListOld = false;
    const { donation } = next;
    this.events.emit("show", { donation, support: this.#donations.support() });
  }

  #list(withdrawn?: number): void {
    this.#listedAt = this.#clock.monotonic();
    this.#isListOld = false;
    this.events.emit("list", { support: this.#donations.support(), withdrawn });
  }
}
