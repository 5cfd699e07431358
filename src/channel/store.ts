import type { ChatMessage, Donation, Supporter } from "../live_messages.ts";

/*
 * What the community needs kept. Whatever keeps it must have kept what it returned from: the chat
 * confirms a message to its author next. `author` is the public stand-in for a viewer; the
 * viewers' own ids are never handed over to be kept.
 */

/** Something could not be kept or read; the message says why in words for a viewer. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** A message that has no id yet. */
export type NewMessage = Omit<ChatMessage, "id">;

/** A message found by its key; `null` in place of one that was deleted. */
export interface KeptMessage {
  readonly message: ChatMessage | null;
}

/** All methods throw {@linkcode StoreError}. */
export interface ChatStore {
  /** Keeps a message under an id above all earlier ones; `key` must be new for its author. */
  add(message: NewMessage, key: string): ChatMessage;
  /** What the author sent with that key before, or `null`. */
  find(author: string, key: string): KeptMessage | null;
  get(id: number): ChatMessage | null;
  /** Up to `limit` messages below an id, the newest of them, oldest first. */
  before(id: number, limit: number): ChatMessage[];
  /** Deletes those of the messages that are there; gives their ids. */
  delete(ids: readonly number[]): number[];
  /**
   * Whether a banned author's messages are still being deleted. Nobody sees them any more, but
   * `before` may return fewer messages than there are.
   */
  readonly isPurging: boolean;
}

/** All methods throw {@linkcode StoreError}. */
export interface PeopleStore {
  nameOf(author: string): string | null;
  rename(author: string, name: string): void;
}

/** A time-out or a ban. */
export interface Sanction {
  readonly author: string;
  /** What they were called then. */
  readonly name: string;
  readonly at: number;
  /** Until when they may not write; `null` for a ban, which has no end. */
  readonly until: number | null;
}

/** All methods throw {@linkcode StoreError}. */
export interface ModerationStore {
  sanctions(): Sanction[];
  /** Keeps a sanction in place of any other that its author has. */
  sanction(sanction: Sanction): void;
  /**
   * Keeps a ban and makes its author's messages invisible for good, both or neither; the messages
   * are deleted over the next seconds.
   *
   * @returns The id of the author's newest message, up to which they go; 0 if there are none.
   */
  ban(sanction: Sanction): number;
  pardon(author: string): void;
  slowMode(): number;
  setSlowMode(seconds: number): void;
  blockedWords(): string[];
  setBlockedWords(words: readonly string[]): void;
}

/** A donation that has no id yet. */
export interface NewDonation extends Omit<Donation, "id"> {
  /** `null` for a donor who cannot be told from others. */
  readonly author: string | null;
  /** The donor's own name for it: given again with it, it counts once. */
  readonly key: string | null;
}

/** What one person gave so far. */
export type Giving = Pick<Supporter, "donations" | "amount" | "lastAt">;

/** All methods throw {@linkcode StoreError}. */
export interface DonationStore {
  add(donation: NewDonation): Donation;
  /** What was given with that key before, or `null`. */
  find(author: string | null, key: string): Donation | null;
  givingOf(author: string): Giving | null;
  /**
   * Those who are not banned, by amount, then number of donations, then the newest. Each by the
   * name they have, or by that of their last donation; `null` without one.
   */
  supporters(limit: number): (Giving & { readonly author: string; readonly name: string | null })[];
  /** Takes an author out of the supporters; returns whether they were one. */
  removeSupporter(author: string): boolean;
  /** Donations ever. */
  count(): number;
}

/** A title that the streamer set. */
export interface KeptTitle {
  readonly title: string;
  /** The title of the command line in place of which it was set. */
  readonly insteadOf: string;
}

/** All methods throw {@linkcode StoreError}. */
export interface ChannelStore {
  /** Returns whether the channel was on air when it was last set; `null` if it never was. */
  isOnAir(): boolean | null;
  setOnAir(isOnAir: boolean): void;
  /** Returns the title that the streamer set last; `null` if they never did. */
  title(): KeptTitle | null;
  setTitle(title: KeptTitle): void;
}

/** All that the community needs kept. */
export interface CommunityStore {
  /** Made once at random, 32 bytes; turns viewers' ids into authors. */
  readonly secret: Uint8Array;
  readonly chat: ChatStore;
  readonly people: PeopleStore;
  readonly moderation: ModerationStore;
  readonly donations: DonationStore;
  /** Another number after each change to anything that is kept. @throws {StoreError} */
  revision(): number;
}
