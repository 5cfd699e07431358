import type { DonationGoal } from "../live_messages.ts";
import type { Donations } from "./donations.ts";
import { MAX_AMOUNT } from "./gift.ts";
import type { Moderation } from "./moderation.ts";
import { attempt, keepUntilEnd, type Outcome, refuse } from "./refusal.ts";
import type { DonationStore, RoomStore } from "./store.ts";

/** Options of {@linkcode Goal}. */
export interface GoalOptions {
  /** Stores the goal. */
  readonly store: RoomStore;
  /** Knows what was given. */
  readonly given: Pick<DonationStore, "count" | "givenAfter">;
  /** Their events change what was given. */
  readonly donations: Pick<Donations, "events">;
  /** A banned donor's donations do not count. */
  readonly moderation: Pick<Moderation, "events">;
}

/** Stored as `500 17`: the amount, and the newest donation when the streamer set it. */
const NAME = "donation goal";

/** The amount that the streamer hopes for, counted from when they set it. */
export class Goal {
  readonly #options: GoalOptions;
  #amount: number;
  #after: number;
  /** What was given towards it; `null` if it has to be read again. */
  #given: number | null = null;

  /**
   * Restores the goal.
   *
   * @throws {StoreError} It cannot be read.
   */
  constructor(options: GoalOptions) {
    const { store, donations, moderation } = this.#options = options;
    [this.#amount, this.#after] = String(store.get(NAME) ?? "0 0").split(" ").map(Number);
    donations.events.on("donation", ({ donation: { amount } }) => {
      if (this.#given !== null) this.#given = roundCents(this.#given + (amount ?? 0));
    });
    const refresh = () => this.#given = null;
    donations.events.on("removeDonation", refresh);
    moderation.events.on("ban", refresh);
    moderation.events.on("pardon", refresh);
  }

  /** The goal and how far it is reached; `null` without a goal, or if that cannot be read. */
  get current(): DonationGoal | null {
    if (this.#amount === 0) return null;
    if (this.#given === null) {
      const read = attempt(() => ({ given: this.#options.given.givenAfter(this.#after) }));
      if ("refused" in read) return null;
      this.#given = read.given;
    }
    return { amount: this.#amount, given: this.#given };
  }

  /**
   * Sets the goal, which counts from now on; 0 removes it.
   *
   * @returns The reason why it is not stored, in which case it holds until the server ends; else `null`.
   */
  set(amount: number): Outcome<{ readonly reason: string | null }> {
    if (!(amount >= 0 && amount <= MAX_AMOUNT)) {
      return refuse("goal-range", { max: MAX_AMOUNT, amount });
    }
    const { store, given } = this.#options;
    const read = attempt(() => ({ after: given.count() }));
    if ("refused" in read) return read;
    this.#amount = amount;
    this.#after = read.after;
    this.#given = 0;
    return { reason: keepUntilEnd(() => store.set(NAME, `${amount} ${read.after}`)) };
  }
}

function roundCents(amount: number): number {
  return Math.round(100 * amount) / 100;
}
