import type { Person } from "../live_messages.ts";
import { type Authors, hueOf } from "./authors.ts";
import type { Givings } from "./givings.ts";
import type { Moderation } from "./moderation.ts";
import { nameFrom } from "./name.ts";
import { attempt, refusalOf, refuse, type Refused } from "./refusal.ts";
import type { PeopleStore } from "./store.ts";

export interface PeopleOptions {
  readonly store: PeopleStore;
  readonly authors: Authors;
  readonly givings: Givings;
  readonly moderation: Moderation;
}

/** Who the viewers are to each other. */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** A viewer as they may be known; one of whom nothing can be read is taken for new. */
  of(viewer: string): Person {
    const { store, authors, givings, moderation } = this.#options;
    const author = authors.authorOf(viewer);
    const read = attempt(() => ({ name: store.nameOf(author) }));
    return {
      name: "refused" in read ? null : read.name,
      hue: hueOf(author),
      author,
      supporter: givings.isSupporter(viewer),
      priorityUntil: givings.priorityUntil(viewer),
      mutedUntil: moderation.mutedUntil(viewer),
    };
  }

  /**
   * Gives a viewer a name: 1..32 code points on one line, with something to see, none that is
   * kept for the streamer, no blocked words. Two people may have the same.
   *
   * @returns `null`, or why they cannot have it.
   */
  rename(viewer: string, name: string): Refused | null {
    const { store, authors, moderation } = this.#options;
    const checked = nameFrom(name);
    if ("refused" in checked) return checked;
    const unwanted = moderation.check(checked.name);
    if (unwanted) return refuse(unwanted);
    const author = authors.authorOf(viewer);
    return refusalOf(() => {
      if (store.nameOf(author) !== checked.name) store.rename(author, checked.name);
    });
  }

  /** The viewer behind an author, if they were seen since the server's start; `null` otherwise. */
  viewerOf(author: string): string | null {
    return this.#options.authors.viewerOf(author);
  }
}
