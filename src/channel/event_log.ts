import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Donations } from "./donations.ts";

/** What happened, without when. */
export type Happening =
  | { readonly type: "motion-begin" | "on-air" | "off-air" | "first-viewer" | "last-viewer-left" }
  | {
    readonly type: "motion-end";
    /** How long something moved. */
    readonly seconds: number;
  }
  | {
    readonly type: "donation";
    /** Counts up. */
    readonly donation: number;
    /** The donor's name. */
    readonly name: string;
    /** In the streamer's currency; `null` if the donor gave none. */
    readonly amount: number | null;
    /** The code of that currency; `null` if the streamer named none. */
    readonly currency: string | null;
    /** What the donor wrote. */
    readonly message: string;
  };

/** Something that happened, for programs and other services. */
export type ChannelEvent = Happening & {
  /** Differs from that of all other events, those of earlier runs too. */
  readonly id: string;
  /** Wall time, in milliseconds. */
  readonly at: number;
};

/** How many events are remembered. */
const MAX_EVENTS = 200;

/** A remembered event. */
interface Kept {
  /** `null` for a donation that was removed. */
  event: ChannelEvent | null;
  /** Who donated; `null` for a donor without a cookie. */
  readonly author: string | null;
}

/** Passes on what happens, and remembers the last of it for those who were away for a moment. */
export class EventLog {
  readonly #clock: Pick<Clock, "wall">;
  readonly #run: string;
  readonly #listeners = new Set<(event: ChannelEvent) => void>();
  /** The oldest first. */
  readonly #kept: Kept[] = [];
  #count = 0;

  /** Begins without events. */
  constructor(clock: Pick<Clock, "wall"> = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#run = clock.wall().toString(36);
  }

  /** Whether anybody listens. */
  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls `listener` at each event, until the returned function is called. */
  subscribe(listener: (event: ChannelEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Says that something happened.
   *
   * @param at When; default: now. Wall time.
   * @param author Who donated.
   */
  add(
    happening: Happening,
    at: number = this.#clock.wall(),
    author: string | null = null,
  ): void {
    const event = { id: `${this.#run}-${++this.#count}`, at: Math.round(at), ...happening };
    this.#kept.push({ event, author });
    if (this.#kept.length > MAX_EVENTS) this.#kept.shift();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Returns the events after the one with this id: all that are remembered if it is of an earlier run. */
  after(id: string): readonly ChannelEvent[] {
    const [, run, text] = /^([\da-z]+)-(\d{1,15})$/.exec(id) ?? [];
    if (run === undefined) return [];
    const first = this.#count - this.#kept.length + 1;
    const from = run === this.#run ? Math.max(0, Number(text) + 1 - first) : 0;
    return this.#kept.slice(from).flatMap(({ event }) => event ?? []);
  }

  /** Adds donations, and forgets those that the streamer removes. */
  follow({ events }: Pick<Donations, "events">, currency: string | null): void {
    events.on("donation", ({ donation: { id, at, name, amount, message }, author }) => {
      this.add({ type: "donation", donation: id, name, amount, currency, message }, at, author);
    });
    events.on("removeDonation", ({ id }) => {
      this.#forget(({ event }) => event?.type === "donation" && event.donation === id);
    });
    events.on("remove", (removed) => this.#forget(({ author }) => author === removed.author));
  }

  #forget(isMeant: (kept: Kept) => boolean): void {
    for (const kept of this.#kept) if (isMeant(kept)) kept.event = null;
  }
}
