import { BoundedMap } from "../bounded_map.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Authors } from "./authors.ts";
import { attempt } from "./refusal.ts";
import type { DonationStore, Giving } from "./store.ts";

/** How long a donor has priority on a shared uplink. Milliseconds. */
const PRIORITY_MS = 60_000;

/** The most authors whose donations are cached. */
const MAX_CACHED = 10_000;

/** Options of {@linkcode DonationHistory}. */
export interface DonationHistoryOptions {
  /** Stores the donations. */
  readonly store: DonationStore;
  /** Derives authors from viewers. */
  readonly authors: Authors;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "wall">;
}

/** Caches what each viewer has donated so far, because it is read many times a second. */
export class DonationHistory {
  readonly #store: DonationStore;
  readonly #authors: Authors;
  readonly #clock: Pick<Clock, "wall">;
  readonly #cached = new BoundedMap<string, Giving | null>(MAX_CACHED);

  /** Begins with an empty cache. */
  constructor({ store, authors, clock = SYSTEM_CLOCK }: DonationHistoryOptions) {
    this.#store = store;
    this.#authors = authors;
    this.#clock = clock;
  }

  /** Returns whether a viewer is on the list of supporters. */
  isSupporter(viewer: string): boolean {
    return this.#of(viewer) !== null;
  }

  /**
   * Returns until when a viewer has priority, as wall time: a minute from their newest donation; 0
   * once that is over. A donation in the future, made before the clock was set back, gives none.
   */
  priorityUntil(viewer: string): number {
    const { lastAt } = this.#of(viewer) ?? { lastAt: Infinity };
    const now = this.#clock.wall();
    return lastAt <= now && now < lastAt + PRIORITY_MS ? lastAt + PRIORITY_MS : 0;
  }

  /** Drops an author from the cache, because what they have donated has changed. */
  refresh(author: string): void {
    this.#cached.delete(author);
  }

  #of(viewer: string): Giving | null {
    const author = this.#authors.authorOf(viewer);
    const cached = this.#cached.get(author);
    if (cached !== undefined) return cached;
    const read = attempt(() => ({ giving: this.#store.givingOf(author) }));
    if ("refused" in read) return null;
    this.#cached.set(author, read.giving);
    return read.giving;
  }
}
