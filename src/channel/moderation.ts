import type { StudioState } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { Authors } from "./authors.ts";
import { BlockedWords } from "./blocked_words.ts";
import { NAMELESS } from "./name.ts";
import { attempt, type Outcome, refusalOf } from "./refusal.ts";
import type { CommunityStore, Sanction } from "./store.ts";

export interface ModerationOptions {
  readonly store: Pick<CommunityStore, "moderation" | "people">;
  readonly authors: Authors;
  readonly log: Logger;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** By less than that a clock is brought right without being set. */
const DRIFT_MS = 2_000;

/** The longest slow mode. Seconds. */
export const MAX_SLOW_MODE = 3_600;

/** The longest time-out, two weeks; longer is a ban. Seconds. */
export const MAX_TIME_OUT = 1_209_600;

/**
 * What the streamer allows in the chat. It is in force at once; where it cannot be kept, it stays
 * in force until the server ends, and the returned reason says so.
 */
export class Moderation {
  readonly #options: ModerationOptions;
  readonly #sanctions = new Map<string, Sanction>();
  #slowMode: number;
  #blockedWords: BlockedWords;

  /** @throws {StoreError} What was kept cannot be read. */
  constructor(options: ModerationOptions) {
    this.#options = options;
    const { moderation } = options.store;
    for (const sanction of moderation.sanctions()) this.#sanctions.set(sanction.author, sanction);
    this.#slowMode = moderation.slowMode();
    this.#blockedWords = new BlockedWords(moderation.blockedWords());
  }

  /** Until when a viewer may not write, in Unix milliseconds; 0 if they may, `null` for ever. */
  mutedUntil(viewer: string): number | null {
    const sanction = this.#sanctionOf(this.#options.authors.authorOf(viewer));
    return sanction ? sanction.until : 0;
  }

  /** `null` for a viewer who may not even watch, for ever; 0 for all others. */
  bannedUntil(viewer: string): 0 | null {
    return this.mutedUntil(viewer) === null ? null : 0;
  }

  /** Whom the streamer silenced or banned, newest first. */
  get bans(): StudioState["bans"] {
    return [...this.#sanctions.keys()]
      .flatMap((author) => this.#sanctionOf(author) ?? [])
      .sort((one, other) => other.at - one.at)
      .map(({ author, name, until }) => ({ author, name, until }));
  }

  /**
   * Lets an author not write for a time; a ban stays a ban.
   *
   * @param seconds 1 to {@linkcode MAX_TIME_OUT}.
   * @returns `null`, or why it was not done or not kept.
   */
  timeOut(author: string, seconds: number): string | null {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TIME_OUT) {
      return `Cannot time out: 1 to ${MAX_TIME_OUT} whole seconds are possible, not ${seconds}`;
    }
    if (this.#sanctionOf(author)?.until === null) return null;
    const sanction = this.#newSanction(author, this.#options.now() + 1000 * seconds);
    this.#sanctions.set(author, sanction);
    this.#options.log.info("Timed out a viewer", { name: sanction.name, seconds });
    return this.#keep(() => this.#options.store.moderation.sanction(sanction));
  }

  /**
   * Lets an author neither write nor watch any more, deletes all their messages and takes them off
   * the list of supporters. Refused means that they are banned until the server ends, and that
   * their messages are still there.
   *
   * @returns The id of their newest message, up to which all are gone; 0 if there were none.
   */
  ban(author: string): Outcome<{ readonly upTo: number }> {
    const sanction = this.#newSanction(author, null);
    this.#sanctions.set(author, sanction);
    this.#options.log.info("Banned a viewer", { name: sanction.name });
    return attempt(() => ({ upTo: this.#options.store.moderation.ban(sanction) }));
  }

  /** Ends an author's time-out or ban; `null`, or why that was not kept. */
  pardon(author: string): string | null {
    const sanction = this.#sanctions.get(author);
    if (sanction) this.#options.log.info("Pardoned a viewer", { name: sanction.name });
    this.#sanctions.delete(author);
    return this.#keep(() => this.#options.store.moderation.pardon(author));
  }

  /** Seconds that each person waits between two messages; 0 for none. */
  get slowMode(): number {
    return this.#slowMode;
  }

  /** @param seconds 0 to {@linkcode MAX_SLOW_MODE}. @returns `null`, or why not. */
  setSlowMode(seconds: number): string | null {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SLOW_MODE) {
      return `Cannot set slow mode: 0 to ${MAX_SLOW_MODE} whole seconds are possible, ` +
        `not ${seconds}`;
    }
    this.#slowMode = seconds;
    return this.#keep(() => this.#options.store.moderation.setSlowMode(seconds));
  }

  /** As the streamer wrote them. */
  get blockedWords(): readonly string[] {
    return this.#blockedWords.words;
  }

  /** Blocks these words and no others; `null`, or why not. See {@linkcode BlockedWords}. */
  setBlockedWords(words: readonly string[]): string | null {
    const blocked = BlockedWords.from(words);
    if ("refused" in blocked) return blocked.refused.reason;
    this.#blockedWords = blocked.words;
    return this.#keep(() => this.#options.store.moderation.setBlockedWords(blocked.words.words));
  }

  /** `null` for a text without blocked words, or why it is not wanted. */
  check(text: string): string | null {
    return this.#blockedWords.isIn(text) ? "There is a word in it that is blocked here" : null;
  }

  /** A name as it may be shown: `null` for one that has a blocked word in it, and for none. */
  fitName(name: string | null): string | null {
    return name === null || this.#blockedWords.isIn(name) ? null : name;
  }

  #sanctionOf(author: string): Sanction | undefined {
    const sanction = this.#sanctions.get(author);
    if (!sanction || sanction.until === null) return sanction;
    const now = this.#options.now();
    if (sanction.until <= now) {
      this.#sanctions.delete(author);
      return undefined;
    }
    if (sanction.at < now + DRIFT_MS) return sanction;
    // The clock was set back: it lasts no longer, from now on, than it was to last in all.
    const shorter = { ...sanction, at: now, until: now + sanction.until - sanction.at };
    this.#sanctions.set(author, shorter);
    return shorter;
  }

  #newSanction(author: string, until: number | null): Sanction {
    const name = attempt(() => ({ name: this.#options.store.people.nameOf(author) }));
    const known = "refused" in name ? null : name.name;
    return { author, name: known ?? NAMELESS, at: this.#options.now(), until };
  }

  #keep(action: () => void): string | null {
    const unkept = refusalOf(action);
    return unkept && `In force only until the server ends: ${unkept.refused.reason}`;
  }
}
