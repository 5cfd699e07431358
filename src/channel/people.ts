import { Emitter } from "../events.ts";
import type { Person } from "../live_messages.ts";
import { type Authors, hueOf } from "./authors.ts";
import type { DonationHistory } from "./donation_history.ts";
import type { Moderation } from "./moderation.ts";
import { nameFrom } from "./name.ts";
import type { NamesInUse } from "./names_in_use.ts";
import { attempt, type Outcome, refusalOf, refuse, type Refused } from "./refusal.ts";
import type { PeopleStore } from "./store.ts";

/** Options of {@linkcode People}. */
export interface PeopleOptions {
  /** Stores the names. */
  readonly store: PeopleStore;
  /** Derives authors from viewers. */
  readonly authors: Authors;
  /** Caches what viewers have donated. */
  readonly history: DonationHistory;
  /** Time-outs, bans and blocked words. */
  readonly moderation: Moderation;
  /** Reserves the names of those who are here. */
  readonly namesInUse: NamesInUse;
}

/** Events of {@linkcode People}. */
export interface PeopleEvents {
  /** This author's name or standing may have changed: muted, banned, pardoned, a supporter. */
  readonly change: { readonly author: string };
}

/** Viewers as they appear to each other: names and standing. */
export class People {
  /** Emits what changes. */
  readonly events: Emitter<PeopleEvents> = new Emitter();
  readonly #options: PeopleOptions;

  /** Listens to moderation, which changes how authors stand. */
  constructor(options: PeopleOptions) {
    this.#options = options;
    const { moderation: { events } } = options;
    for (const name of ["timeOut", "ban", "pardon"] as const) {
      events.on(name, ({ author }) => this.announce(author));
    }
  }

  /**
   * Returns a viewer as others may see them. The name is `null` if a word of it has been blocked
   * since, or if it cannot be read.
   */
  of(viewer: string): Person {
    const { store, authors, history, moderation, namesInUse } = this.#options;
    const author = authors.authorOf(viewer);
    const read = attempt(() => ({ name: store.nameOf(author) }));
    const name = "refused" in read ? null : read.name;
    if (name !== null) namesInUse.hold(name, author);
    return {
      name: moderation.fitName(name),
      hue: hueOf(author),
      author,
      supporter: history.isSupporter(viewer),
      priorityUntil: history.priorityUntil(viewer),
      mutedUntil: moderation.mutedUntil(viewer),
    };
  }

  /** Keeps the name of a viewer who is still here from being taken; call it every few minutes. */
  stillHere(viewer: string): void {
    this.#options.namesInUse.refresh(this.authorOf(viewer));
  }

  /**
   * Gives a viewer a name; see {@linkcode People.nameFrom}. Whoever calls this announces it by
   * {@linkcode People.announce}, after what the name came with.
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

  /** Emits that an author's name or standing may have changed. */
  announce(author: string): void {
    this.events.emit("change", { author });
  }

  /**
   * Makes a name of 1..32 code points on one line, with something visible in it and no blocked
   * words, that looks neither like a name reserved for the streamer nor like anybody else's.
   *
   * @param author Whose name it will be; `null` for someone without a cookie.
   */
  nameFrom(name: string, author: string | null): Outcome<{ readonly name: string }> {
    const { store, moderation, namesInUse } = this.#options;
    const checked = nameFrom(name);
    if ("refused" in checked) return checked;
    const unwanted = moderation.check(checked.name);
    if (unwanted) return refuse(unwanted);
    // Authors keep the name they already have, even if someone took one like it meanwhile.
    const own = author === null ? null : attempt(() => ({ name: store.nameOf(author) }));
    if (own && !("refused" in own) && own.name === checked.name) return checked;
    if (!namesInUse.isTaken(checked.name, author)) return checked;
    return refuse("Someone here already has this name, or one that looks like it: choose another");
  }

  /** Returns the author that stands for a viewer in public. */
  authorOf(viewer: string): string {
    return this.#options.authors.authorOf(viewer);
  }
}
