import { Emitter } from "../events.ts";
import type { StudioState } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { Authors } from "./authors.ts";
import type { Moderation } from "./moderation.ts";
import { attempt, keepUntilEnd, type Outcome, refuse, type Refused } from "./refusal.ts";
import type { CommunityStore, Moderator } from "./store.ts";
import type { Streamer } from "./streamer.ts";

/** Options of {@linkcode Moderators}. */
export interface ModeratorsOptions {
  /** Stores who they are, and knows names. */
  readonly store: Pick<CommunityStore, "moderators" | "people">;
  /** Derives authors from viewers. */
  readonly authors: Authors;
  /** Time-outs and bans: a banned moderator is one no more. */
  readonly moderation: Moderation;
  /** Whom moderators cannot act on. */
  readonly streamer: Streamer;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
}

/** Events of {@linkcode Moderators}. */
export interface ModeratorsEvents {
  /** This author was appointed or dismissed. */
  readonly change: { readonly author: string };
}

/**
 * The authors whom the streamer appointed to delete messages, time out and ban. A change takes effect
 * at once; if it cannot be stored, it stays in force until the server ends.
 */
export class Moderators {
  /** Emits what changes. */
  readonly events: Emitter<ModeratorsEvents> = new Emitter();
  readonly #options: ModeratorsOptions;
  /** The name of each when they were appointed, by author. */
  readonly #names: Map<string, string>;

  /**
   * Restores the moderators.
   *
   * @throws {StoreError} They cannot be read.
   */
  constructor(options: ModeratorsOptions) {
    const { store, moderation } = this.#options = options;
    this.#names = new Map(store.moderators.all().map(({ author, name }) => [author, name]));
    moderation.events.on("ban", ({ author }) => {
      if (this.has(author)) this.dismiss(author);
    });
  }

  /** Returns whether a viewer is a moderator. */
  isModerator(viewer: string): boolean {
    return this.has(this.#options.authors.authorOf(viewer));
  }

  /** Returns whether an author is a moderator. */
  has(author: string): boolean {
    return this.#names.has(author);
  }

  /** The moderators under their present names, the longest appointed first. */
  get list(): StudioState["moderators"] {
    return [...this.#names].map(([author, name]) => ({
      author,
      name: this.#nameOf(author) ?? name,
    }));
  }

  /** Makes an author a moderator; returns `null`, or why they are none or it was not stored. */
  appoint(author: string): Refused | string | null {
    if (this.has(author)) return null;
    const read = this.#readName(author);
    if ("refused" in read) return read;
    const { name } = read;
    if (name === null) return refuse("appoint-nameless");
    const moderator = { author, name };
    this.#names.set(author, name);
    return this.#keep("Appointed a moderator", moderator, () => {
      this.#options.store.moderators.add(moderator);
    });
  }

  /** Makes a moderator a viewer like all others; returns `null`, or why that was not stored. */
  dismiss(author: string): string | null {
    const name = this.#names.get(author);
    if (name === undefined) return null;
    this.#names.delete(author);
    return this.#keep("Dismissed a moderator", { author, name }, () => {
      this.#options.store.moderators.remove(author);
    });
  }

  /**
   * Checks whether a viewer may delete messages of these authors, time them out, ban and pardon them:
   * as a moderator who is not muted, and not the streamer, another moderator or themselves.
   *
   * @param authors Reads the authors; only called for a moderator, as reading takes time.
   * @returns Who they are, for the log; or why they may not.
   */
  check(
    viewer: string | null,
    authors: () => readonly string[],
  ): Outcome<{ readonly by: string }> {
    const { moderation, streamer } = this.#options;
    const own = viewer === null ? null : this.#options.authors.authorOf(viewer);
    if (viewer === null || own === null || !this.has(own)) return refuse("not-a-moderator");
    if (moderation.mutedUntil(viewer) !== 0) return refuse("muted-moderator");
    if (authors().some((author) => author === streamer.author || this.has(author))) {
      return refuse("not-for-moderators");
    }
    return { by: `${this.#nameOf(own) ?? this.#names.get(own)} (moderator)` };
  }

  #keep(event: string, { author, name }: Moderator, store: () => void): string | null {
    this.#options.log.info(event, { name });
    const reason = keepUntilEnd(store);
    this.events.emit("change", { author });
    return reason;
  }

  /** Returns an author's present name; `null` without one, or if it cannot be read. */
  #nameOf(author: string): string | null {
    const read = this.#readName(author);
    return "refused" in read ? null : read.name;
  }

  #readName(author: string): Outcome<{ readonly name: string | null }> {
    return attempt(() => ({ name: this.#options.store.people.nameOf(author) }));
  }
}
