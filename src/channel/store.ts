import type { ChatMessage, Donation, Supporter, SupportTotals } from "../live_messages.ts";

/*
 * What the channel needs stored. Once a method has returned, what it stored must survive a crash: the
 * chat confirms the message to its author next. `author` is the public stand-in for a viewer; the
 * viewers' own ids are never stored.
 */

/** Something could not be stored or read; the message says why in words for a viewer. */
export class StoreError extends Error {
  /** Always `StoreError`. */
  override readonly name = "StoreError";
}

/** A message that has no id yet. Whether its author is a supporter is known from the donations. */
export type NewMessage = Omit<ChatMessage, "id" | "supporter">;

/** A message found by its key. */
export interface KeptMessage {
  /** `null` if it was deleted. */
  readonly message: ChatMessage | null;
}

/** Stores chat messages. All methods throw {@linkcode StoreError}. */
export interface ChatStore {
  /** Stores a message under an id above all earlier ones; `key` must be new for its author. */
  add(message: NewMessage, key: string): ChatMessage;
  /** Returns what the author sent with that key before; `null` if nothing. */
  find(author: string, key: string): KeptMessage | null;
  /** Returns the message with this id; `null` if there is none. */
  get(id: number): ChatMessage | null;
  /** Returns the newest `limit` of the messages below an id, oldest first. */
  before(id: number, limit: number): ChatMessage[];
  /** Returns the newest `limit` donations among the messages, newest first. */
  gifts(limit: number): ChatMessage[];
  /**
   * Returns the oldest of the messages above an id, at most `limit` and oldest first, and the id to read
   * on from: `null` if there are no more.
   */
  after(id: number, limit: number): { readonly chat: ChatMessage[]; readonly next: number | null };
  /** Returns who wrote those of the messages with these ids that exist, each author once. */
  authorsOf(ids: readonly number[]): string[];
  /** Deletes messages. */
  delete(ids: readonly number[]): DeletedMessages;
  /**
   * Whether a banned author's messages are still being deleted. They are hidden already, but
   * `before` may return fewer messages than there are.
   */
  readonly isPurging: boolean;
}

/** Stores authors' names. All methods throw {@linkcode StoreError}. */
export interface PeopleStore {
  /** Returns an author's name; `null` without one. */
  nameOf(author: string): string | null;
  /** Stores an author's new name. */
  rename(author: string, name: string): void;
}

/** A time-out or a ban. */
export interface Sanction {
  /** The author it applies to. */
  readonly author: string;
  /** The author's name at that time. */
  readonly name: string;
  /** When it was imposed, as wall time. */
  readonly at: number;
  /** Until when they may not write, as wall time; `null` for a ban, which has no end. */
  readonly until: number | null;
}

/** Stores time-outs and bans. All methods throw {@linkcode StoreError}. */
export interface ModerationStore {
  /** Returns all time-outs and bans. */
  sanctions(): Sanction[];
  /** Stores a sanction in place of any other of its author. */
  sanction(sanction: Sanction): void;
  /**
   * Stores a ban and hides its author's messages for good, both or neither; the messages are deleted
   * over the next seconds.
   *
   * @returns The id of the author's newest message, up to which they go; 0 if there are none.
   */
  ban(sanction: Sanction): number;
  /** Deletes an author's time-out or ban. */
  pardon(author: string): void;
}

/** A viewer whom the streamer appointed. */
export interface Moderator {
  /** Who it is. */
  readonly author: string;
  /** The name that they had then. */
  readonly name: string;
}

/** Stores who moderates. All methods throw {@linkcode StoreError}. */
export interface ModeratorStore {
  /** Returns all moderators, the longest appointed first. */
  all(): Moderator[];
  /** Stores a new moderator. */
  add(moderator: Moderator): void;
  /** Deletes a moderator. */
  remove(author: string): void;
}

/** Stores the rules of the chat, and what is pinned, by name. All methods throw {@linkcode StoreError}. */
export interface RoomStore {
  /** Returns the value of this name; `null` if it was never set. */
  get(name: string): string | number | null;
  /** Stores a value. */
  set(name: string, value: string | number): void;
}

/** A donation that has no id yet. */
export interface NewDonation extends Omit<Donation, "id"> {
  /** `null` for a donor without a cookie. */
  readonly author: string | null;
  /** The page's own name for it. The same key never counts twice. */
  readonly key: string | null;
  /** The hue of the donor's name, 0..359 degrees. */
  readonly hue: number;
}

/** A stored donation, and its line in the chat. */
export interface KeptDonation {
  /** The donation itself. */
  readonly donation: Donation;
  /** Its line in the chat. */
  readonly message: ChatMessage;
}

/** A donation that was removed. */
export interface RemovedDonation {
  /** Which one. */
  readonly id: number;
  /** Whose it was; `null` for a donor without a cookie. */
  readonly author: string | null;
  /** When it came, as wall time. */
  readonly at: number;
  /** Its amount; `null` without one. */
  readonly amount: number | null;
  /** Whether its donor still is a supporter. */
  readonly isSupporter: boolean;
}

/** Messages that were deleted. */
export interface DeletedMessages {
  /** The ids of those that existed. */
  readonly ids: readonly number[];
  /** The donations whose lines were among them. */
  readonly donations: readonly number[];
}

/** What one author has donated so far. */
export type Giving = Pick<Supporter, "donations" | "amount" | "lastAt">;

/** A supporter as stored. */
export interface KeptSupporter extends Giving {
  /** Who donated. */
  readonly author: string;
  /** The name they have, or else that of their last donation; `null` without either. */
  readonly name: string | null;
}

/** Stores donations and supporters. All methods throw {@linkcode StoreError}. */
export interface DonationStore {
  /** Stores a donation with its line in the chat, and adds it to what its donor has donated. */
  add(donation: NewDonation): KeptDonation;
  /** Removes a donation and its part of what its donor has donated; `null` if there is none. */
  remove(id: number): RemovedDonation | null;
  /** Returns up to `limit` donations whose ids are above this one, oldest first. */
  after(id: number, limit: number): Donation[];
  /** Returns the sum of the amounts of the donations whose ids are above this one, without banned donors. */
  givenAfter(id: number): number;
  /** Returns how many supporters and donations are stored, and the sum of their amounts, without banned donors. */
  totals(): SupportTotals;
  /** Returns what was donated with that key before; `null` if nothing. */
  find(author: string | null, key: string): Donation | null;
  /** Returns what an author has donated; `null` if they are no supporter. */
  givingOf(author: string): Giving | null;
  /** Returns those who are not banned: by amount, then number of donations, then the newest. */
  supporters(limit: number): KeptSupporter[];
  /** Removes an author from the supporters; returns whether they were one. */
  removeSupporter(author: string): boolean;
  /** Returns the number of donations ever made. */
  count(): number;
}

/** A title that the streamer set. */
export interface KeptTitle {
  /** The title itself. */
  readonly title: string;
  /** The title from the command line that it replaced. */
  readonly insteadOf: string;
}

/** Stores the channel itself. All methods throw {@linkcode StoreError}. */
export interface ChannelStore {
  /** Returns whether the channel was last set on air; `null` if it never was set. */
  isOnAir(): boolean | null;
  /** Stores whether the channel is on air. */
  setOnAir(isOnAir: boolean): void;
  /** Returns the title that the streamer set last; `null` if they never did. */
  title(): KeptTitle | null;
  /** Stores the title that the streamer set. */
  setTitle(title: KeptTitle): void;
}

/** A value that the streamer set in the studio. */
export interface KeptChoice<Value> {
  /** The value itself. */
  readonly value: Value;
  /** The value from the command line that it replaced. */
  readonly insteadOf: Value;
}

/** Stores how the streamer set the sound. All methods throw {@linkcode StoreError}. */
export interface SoundStore {
  /** Returns whether the sound was last muted. */
  isMuted(): boolean;
  /** Stores whether the sound is muted. */
  setMuted(isMuted: boolean): void;
  /** Returns the amplification that was set last, in decibels; 0 if none was. */
  gain(): number;
  /** Stores the amplification. */
  setGain(gain: number): void;
  /** Returns the delay that was set last, in milliseconds; `null` if none was. */
  delay(): KeptChoice<number> | null;
  /** Stores the delay. */
  setDelay(delay: KeptChoice<number>): void;
  /** Returns whether the source was last set to be open only on demand; `null` if it never was. */
  isOnDemand(): KeptChoice<boolean> | null;
  /** Stores whether the source is open only on demand. */
  setOnDemand(isOnDemand: KeptChoice<boolean>): void;
}

/** Stores everything about the community. */
export interface CommunityStore {
  /** 32 random bytes, made once; derive authors from viewers' ids. */
  readonly secret: Uint8Array;
  /** Stores messages. */
  readonly chat: ChatStore;
  /** Stores names. */
  readonly people: PeopleStore;
  /** Stores time-outs and bans. */
  readonly moderation: ModerationStore;
  /** Stores moderators. */
  readonly moderators: ModeratorStore;
  /** Stores the rules of the chat. */
  readonly room: RoomStore;
  /** Stores donations. */
  readonly donations: DonationStore;
  /** Returns a new number after each change to anything stored. @throws {StoreError} */
  revision(): number;
}
