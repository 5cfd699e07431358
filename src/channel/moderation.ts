import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { StudioState } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { Authors } from "./authors.ts";
import { BlockedWords } from "./blocked_words.ts";
import { NAMELESS } from "./name.ts";
import { attempt, keepUntilEnd, type Outcome } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { CommunityStore, Sanction } from "./store.ts";

/** Options of {@linkcode Moderation}. */
export interface ModerationOptions {
  /** Stores time-outs and bans, and knows names. */
  readonly store: Pick<CommunityStore, "moderation" | "people">;
  /** Derives authors from viewers. */
  readonly authors: Authors;
  /** The rules of the chat. */
  readonly room: Room;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "wall">;
}

/** Events of {@linkcode Moderation}; each names the author that it is about. */
export interface ModerationEvents {
  /** The author may not write for a time. */
  readonly timeOut: { readonly author: string };
  /** All of the author's messages up to the id `upTo` are gone; 0 if none are. */
  readonly ban: { readonly author: string; readonly upTo: number };
  /** The author may write and watch again. */
  readonly pardon: { readonly author: string };
}

/** A smaller step back of the wall clock is a correction, not somebody setting it. */
const DRIFT_MS = 2_000;

/** The longest time-out, two weeks; longer is a ban. Seconds. */
export const MAX_TIME_OUT = 1_209_600;

/**
 * Time-outs, bans and blocked words. Each takes effect at once; if it cannot be stored, it stays in
 * force until the server ends, and the returned reason says so.
 */
export class Moderation {
  /** Emits what changes. */
  readonly events: Emitter<ModerationEvents> = new Emitter();
  readonly #store: ModerationOptions["store"];
  readonly #authors: Authors;
  readonly #log: Logger;
  readonly #clock: Pick<Clock, "wall">;
  readonly #sanctions = new Map<string, Sanction>();
  #blockedWords: BlockedWords;

  /**
   * Restores time-outs and bans.
   *
   * @throws {StoreError} They cannot be read.
   */
  constructor({ store, authors, room, log, clock = SYSTEM_CLOCK }: ModerationOptions) {
    this.#store = store;
    this.#authors = authors;
    this.#log = log;
    this.#clock = clock;
    for (const sanction of store.moderation.sanctions()) {
      this.#sanctions.set(sanction.author, sanction);
    }
    this.#blockedWords = new BlockedWords(room.settings.blockedWords);
    room.events.on("change", (name) => {
      if (name === "blockedWords") {
        this.#blockedWords = new BlockedWords(room.settings.blockedWords);
      }
    });
  }

  /** Returns until when a viewer may not write, as wall time: 0 if they may, `null` for ever. */
  mutedUntil(viewer: string): number | null {
    const sanction = this.#sanctionOf(this.#authors.authorOf(viewer));
    return sanction ? sanction.until : 0;
  }

  /** Returns `null` for a banned viewer, who may not even watch; 0 for everyone else. */
  bannedUntil(viewer: string): 0 | null {
    return this.mutedUntil(viewer) === null ? null : 0;
  }

  /** Authors who are timed out or banned, newest first. */
  get bans(): StudioState["bans"] {
    return [...this.#sanctions.keys()]
      .flatMap((author) => this.#sanctionOf(author) ?? [])
      .sort((one, other) => other.at - one.at)
      .map(({ author, name, until }) => ({ author, name, until }));
  }

  /**
   * Mutes an author for a time; a ban stays a ban.
   *
   * @param seconds 1 to {@linkcode MAX_TIME_OUT}.
   * @param by The moderator who does it, for the log; absent for the streamer.
   * @returns `null`, or why it was not done or not stored.
   */
  timeOut(author: string, seconds: number, by?: string): string | null {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TIME_OUT) {
      return `Cannot time out: use 1 to ${MAX_TIME_OUT} whole seconds, not ${seconds}`;
    }
    if (this.#sanctionOf(author)?.until === null) return null;
    const sanction = this.#newSanction(author, this.#clock.wall() + 1000 * seconds);
    this.#sanctions.set(author, sanction);
    this.#log.info("Timed out a viewer", { name: sanction.name, seconds, ...(by && { by }) });
    const reason = keepUntilEnd(() => this.#store.moderation.sanction(sanction));
    this.events.emit("timeOut", { author });
    return reason;
  }

  /**
   * Bans an author from writing and watching, deletes all their messages and removes them from the
   * list of supporters. If refused, they are banned until the server ends and their messages stay.
   *
   * @param by As in {@linkcode Moderation.timeOut}.
   * @returns The id of their newest message, up to which all are deleted; 0 if there were none.
   */
  ban(author: string, by?: string): Outcome<{ readonly upTo: number }> {
    const sanction = this.#newSanction(author, null);
    this.#sanctions.set(author, sanction);
    this.#log.info("Banned a viewer", { name: sanction.name, ...(by && { by }) });
    const banned = attempt(() => ({ upTo: this.#store.moderation.ban(sanction) }));
    this.events.emit("ban", { author, upTo: "refused" in banned ? 0 : banned.upTo });
    return banned;
  }

  /**
   * Ends an author's time-out or ban.
   *
   * @param by As in {@linkcode Moderation.timeOut}.
   * @returns `null`, or why it was not stored.
   */
  pardon(author: string, by?: string): string | null {
    const sanction = this.#sanctions.get(author);
    if (sanction) this.#log.info("Pardoned a viewer", { name: sanction.name, ...(by && { by }) });
    this.#sanctions.delete(author);
    const reason = keepUntilEnd(() => this.#store.moderation.pardon(author));
    this.events.emit("pardon", { author });
    return reason;
  }

  /** Returns why a text is not allowed; `null` if it has no blocked words in it. */
  check(text: string): "blocked-word" | null {
    return this.#blockedWords.isIn(text) ? "blocked-word" : null;
  }

  /** Returns a name as it may be shown: `null` for one with a blocked word in it, and for none. */
  fitName(name: string | null): string | null {
    return name === null || this.#blockedWords.isIn(name) ? null : name;
  }

  #sanctionOf(author: string): Sanction | undefined {
    const sanction = this.#sanctions.get(author);
    if (!sanction || sanction.until === null) return sanction;
    const now = this.#clock.wall();
    if (sanction.until <= now) {
      this.#sanctions.delete(author);
      return undefined;
    }
    if (sanction.at < now + DRIFT_MS) return sanction;
    // The clock was set back: from now on, the time-out lasts no longer than its whole length.
    const shorter = { ...sanction, at: now, until: now + sanction.until - sanction.at };
    this.#sanctions.set(author, shorter);
    return shorter;
  }

  #newSanction(author: string, until: number | null): Sanction {
    const name = attempt(() => ({ name: this.#store.people.nameOf(author) }));
    const known = "refused" in name ? null : name.name;
    return { author, name: known ?? NAMELESS, at: this.#clock.wall(), until };
  }
}
