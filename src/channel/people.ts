import type { Person } from "../live_messages.ts";
import { type Authors, hueOf } from "./authors.ts";
import type { Givings } from "./givings.ts";
import type { Moderation } from "./moderation.ts";
import { nameFrom } from "./name.ts";
import type { NamesInUse } from "./names_in_use.ts";
import { attempt, type Outcome, refusalOf, refuse, type Refused } from "./refusal.ts";
import type { PeopleStore } from "./store.ts";

export interface PeopleOptions {
  readonly store: PeopleStore;
  readonly authors: Authors;
  readonly givings: Givings;
  readonly moderation: Moderation;
  readonly namesInUse: NamesInUse;
}

/** Who the viewers are to each other. */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /**
   * A viewer as they may be known. Has no name if it has a word in it that was blocked since, or if
   * it cannot be read.
   */
  of(viewer: string): Person {
    const { store, authors, givings, moderation, namesInUse } = this.#options;
    const author = authors.authorOf(viewer);
    const read = attempt(() => ({ name: store.nameOf(author) }));
    const name = "refused" in read ? null : read.name;
    if (name !== null) namesInUse.hold(name, author);
    return {
      name: moderation.fitName(name),
      hue: hueOf(author),
      author,
      supporter: givings.isSupporter(viewer),
      priorityUntil: givings.priorityUntil(viewer),
      mutedUntil: moderation.mutedUntil(viewer),
    };
  }

  /** Keeps the name of a viewer who is still here; to be called now and then. */
  stillHere(viewer: string): void {
    this.#options.namesInUse.refresh(this.authorOf(viewer));
  }

  /**
   * Gives a viewer a name; see {@linkcode People.nameFrom}.
   *
   * @returns `null`, or why they cannot have it.
   */
  rename(viewer: string, name: string): Refused | null {
    const { store, authors, namesInUse } = this.#options;
    const author = authors.authorOf(viewer);
    const checked = this.nameFrom(name, author);
    if ("refused" in checked) return checked;
    return refusalOf(() => {
      if (store.nameOf(author) !== checked.name) store.rename(author, checked.name);
      namesInUse.hold(checked.name, author);
    });
  }

  /**
   * Makes a name of 1..32 code points on one line, with something to see and no blocked words, that
   * looks like none of those kept for the streamer, and like nobody else's.
   *
   * @param author Whose name it is to be; `null` for someone who cannot be told from others.
   */
  nameFrom(name: string, author: string | null): Outcome<{ readonly name: string }> {
    const { store, moderation, namesInUse } = this.#options;
    const checked = nameFrom(name);
    if ("refused" in checked) return checked;
    const unwanted = moderation.check(checked.name);
    if (unwanted) return refuse(unwanted);
    // Who has had a name all along keeps it, whoever took one like it meanwhile.
    const own = author === null ? null : attempt(() => ({ name: store.nameOf(author) }));
    if (own && !("refused" in own) && own.name === checked.name) return checked;
    if (!namesInUse.isTaken(checked.name, author)) return checked;
    return refuse("Someone here has this name, or one that looks like it: choose another");
  }

  /** What stands for a viewer in public. */
  authorOf(viewer: string): string {
    return this.#options.authors.authorOf(viewer);
  }
}
