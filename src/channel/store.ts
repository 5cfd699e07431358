import type { ChatMessage, Donation, Supporter } from "../live_messages.ts";

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

/** A message that has no id yet. */
export type NewMessage = Omit<ChatMessage, "id">;

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
  /** Deletes messages; returns the ids of those that existed. */
  delete(ids: readonly number[]): number[];
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

/** Stores the rules of the chat by name. All methods throw {@linkcode StoreError}. */
export interface RoomStore {
  /** Returns the setting of this name; `null` if it was never set. */
  get(name: string): string | number | null;
  /** Stores a setting. */
  set(name: string, value: string | number): void;
}

/** A donation that has no id yet. */
export interface NewDonation extends Omit<Donation, "id"> {
  /** `null` for a donor without a cookie. */
  readonly author: string | null;
  /** The page's own name for it. The same key never counts twice. */
  readonly key: string | null;
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
  /** Stores a donation and adds it to what its donor has donated. */
  add(donation: NewDonation): Donation;
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
  /** Stores the rules of the chat. */
  readonly room: RoomStore;
  /** Stores donations. */
  readonly donations: DonationStore;
  /** Returns a new number after each change to anything stored. @throws {StoreError} */
  revision(): number;
}
