import { Emitter } from "../events.ts";
import type { Person } from "../live_messages.ts";
import { type Authors, hueOf } from "./authors.ts";
import type { DonationHistory } from "./donation_history.ts";
import type { Moderation } from "./moderation.ts";
import { mentionsIn } from "./mentions.ts";
import type { Moderators } from "./moderators.ts";
import { numberedName, plainName, spelledLength } from "./name.ts";
import { NameNumbers } from "./name_numbers.ts";
import type { NamesInUse } from "./names_in_use.ts";
import { attempt, type Outcome, refuse } from "./refusal.ts";
import type { PeopleStore } from "./store.ts";
import type { Streamer } from "./streamer.ts";

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
  /** Whose name nobody else can have. */
  readonly streamer: Streamer;
  /** Whom the streamer appointed. */
  readonly moderators: Moderators;
}

/** Events of {@linkcode People}. */
export interface PeopleEvents {
  /** This author's name or standing may have changed: muted, banned, pardoned, a supporter, appointed. */
  readonly change: { readonly author: string };
}

/** Viewers as they appear to each other: names and standing. */
export class People {
  /** Emits what changes. */
  readonly events: Emitter<PeopleEvents> = new Emitter();
  readonly #options: PeopleOptions;
  readonly #numbers = new NameNumbers();

  /** Listens to what changes how authors stand. */
  constructor(options: PeopleOptions) {
    this.#options = options;
    const { moderation: { events }, moderators } = options;
    for (const name of ["timeOut", "ban", "pardon"] as const) {
      events.on(name, ({ author }) => this.announce(author));
    }
    moderators.events.on("change", ({ author }) => this.announce(author));
  }

  /**
   * Returns a viewer as others may see them. The name is `null` if a word of it has been blocked
   * since, if the streamer has taken it, or if it cannot be read.
   */
  of(viewer: string): Person {
    const { store, authors, history, moderation, namesInUse, streamer, moderators } = this.#options;
    const author = authors.authorOf(viewer);
    const read = attempt(() => ({ name: store.nameOf(author) }));
    const name = "refused" in read ? null : read.name;
    if (name !== null) namesInUse.hold(name, author);
    return {
      name: name !== null && streamer.reserves(name) ? null : moderation.fitName(name),
      hue: hueOf(author),
      author,
      supporter: history.isSupporter(viewer),
      priorityUntil: history.priorityUntil(viewer),
      mutedUntil: moderation.mutedUntil(viewer),
      ...(moderators.has(author) && { role: "moderator" }),
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
   * @returns The name that they have now, or why they cannot have it.
   */
  rename(viewer: string, name: string): Outcome<{ readonly name: string }> {
    const { store, authors, namesInUse } = this.#options;
    const author = authors.authorOf(viewer);
    const checked = this.nameFrom(name, author);
    if ("refused" in checked) return checked;
    return attempt(() => {
      if (store.nameOf(author) !== checked.name) store.rename(author, checked.name);
      namesInUse.hold(checked.name, author);
      return checked;
    });
  }

  /** Emits that an author's name or standing may have changed. */
  announce(author: string): void {
    this.events.emit("change", { author });
  }

  /**
   * Makes a name of 1..32 code points on one line, with something visible in it and no blocked
   * words, that does not look like a name reserved for the streamer. One that looks like somebody
   * else's gets a number: `Anna 2`. Refuses it if the first dozen numbers that are tried are taken.
   *
   * @param author Whose name it will be; `null` for someone without a cookie.
   */
  nameFrom(name: string, author: string | null): Outcome<{ readonly name: string }> {
    const { store, namesInUse } = this.#options;
    const checked = this.#allowed(name);
    if ("refused" in checked) return checked;
    // Authors keep the name they already have, even if someone took one like it meanwhile.
    const read = author === null ? null : attempt(() => ({ name: store.nameOf(author) }));
    const own = read === null || "refused" in read ? null : read.name;
    const isTheirs = (wanted: string) => own === wanted || !namesInUse.isTaken(wanted, author);
    if (isTheirs(checked.name)) return checked;
    for (const number of this.#numbers.toTry(checked.name, own)) {
      // With a number, even a harmless name can read as a blocked or reserved one.
      const numbered = this.#allowed(numberedName(checked.name, number));
      if (!("refused" in numbered) && isTheirs(numbered.name)) return numbered;
    }
    return refuse("name-taken");
  }

  /** Returns whom a text mentions by `@name`: those who are here, and the streamer. */
  mentionedIn(text: string): string[] {
    const { namesInUse, streamer } = this.#options;
    return mentionsIn(text, {
      longest: Math.max(namesInUse.longest, spelledLength(streamer.person.name)),
      find: (name) => streamer.isNamed(name) ? streamer.person : namesInUse.holderOf(name),
    });
  }

  /** Returns the author that stands for a viewer in public. */
  authorOf(viewer: string): string {
    return this.#options.authors.authorOf(viewer);
  }

  #allowed(name: string): Outcome<{ readonly name: string }> {
    const { moderation, streamer } = this.#options;
    const plain = plainName(name);
    if ("refused" in plain) return plain;
    if (streamer.reserves(plain.name)) return refuse("name-reserved");
    const unwanted = moderation.check(plain.name);
    return unwanted ? refuse(unwanted) : plain;
  }
}
