import type { Authors } from "./authors.ts";
import { attempt } from "./refusal.ts";
import type { DonationStore, Giving } from "./store.ts";

/** How long a donor has priority on a shared uplink. Milliseconds. */
const PRIORITY_MS = 60_000;

/** People of whom it is remembered what they gave. */
const MAX_REMEMBERED = 10_000;

export interface GivingsOptions {
  readonly store: DonationStore;
  readonly authors: Authors;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** What each viewer gave so far, at hand: it is asked for many times a second. */
export class Givings {
  readonly #options: GivingsOptions;
  readonly #known = new Map<string, Giving | null>();

  constructor(options: GivingsOptions) {
    this.#options = options;
  }

  isSupporter(viewer: string): boolean {
    return this.#of(viewer) !== null;
  }

  /**
   * Until when a viewer has priority, in Unix milliseconds: a minute from their newest donation;
   * 0 when that is over. A donation in the future, after the clock was set back, gives none.
   */
  priorityUntil(viewer: string): number {
    const { lastAt } = this.#of(viewer) ?? { lastAt: Infinity };
    const now = this.#options.now();
    return lastAt <= now && now < lastAt + PRIORITY_MS ? lastAt + PRIORITY_MS : 0;
  }

  /** Reads what an author gave anew the next time, as it has changed. */
  refresh(author: string): void {
    this.#known.delete(author);
  }

  #of(viewer: string): Giving | null {
    const { store, authors } = this.#options;
    const author = authors.authorOf(viewer);
    const known = this.#known.get(author);
    if (known !== undefined) return known;
    const read = attempt(() => ({ giving: store.givingOf(author) }));
    if ("refused" in read) return null;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(author, read.giving);
    return read.giving;
  }
}
