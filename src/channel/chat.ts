import type { Clock } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { ChatMessage } from "../live_messages.ts";
import { MAX_KEY } from "./key.ts";
import type { Moderation } from "./moderation.ts";
import { Pace } from "./pace.ts";
import type { People } from "./people.ts";
import { attempt, duration, type Outcome, refuse, type Refused, refuseMuted } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { ChatStore } from "./store.ts";
import { messageFrom } from "./text.ts";

/** Options of {@linkcode Chat}. */
export interface ChatOptions {
  /** Stores the messages. */
  readonly store: ChatStore;
  /** Names and standing of authors. */
  readonly people: People;
  /** Time-outs, bans and blocked words. */
  readonly moderation: Moderation;
  /** The rules of the chat. */
  readonly room: Room;
  /** The time of messages, and of waiting between them. */
  readonly clock: Clock;
}

/** Events of {@linkcode Chat}. */
export interface ChatEvents {
  /** A new message is stored. `key` is for its author's pages alone. */
  readonly message: { readonly message: ChatMessage; readonly key: string };
  /** The streamer deleted the messages with these ids. */
  readonly delete: readonly number[];
}

/** A message that a viewer sends. */
export interface Post {
  /** Who sends it. */
  readonly viewer: string;
  /** The page's own name for the message, 1..64 characters. The same key never posts twice. */
  readonly key: string;
  /** What they typed. */
  readonly text: string;
  /** The author's name from now on. Required unless they have one. */
  readonly name?: string;
}

/** A stored message. */
export interface Posted {
  /** The message itself. */
  readonly message: ChatMessage;
  /** Whether it had been stored before, under the same key. */
  readonly repeated: boolean;
}

/** A part of the chat's history. */
export interface ChatPage {
  /** Oldest first. */
  readonly chat: readonly ChatMessage[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** The most code points of a message. */
export const MAX_TEXT = 500;

/** Checks and stores chat messages, and reads them back. */
export class Chat {
  /** Emits what changes. */
  readonly events: Emitter<ChatEvents> = new Emitter();
  readonly #options: ChatOptions;
  readonly #pace: Pace;
  #posted = 0;

  /** Opens the chat on its store. */
  constructor(options: ChatOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
  }

  /** Messages accepted since the start. */
  get posted(): number {
    return this.#posted;
  }

  /**
   * Stores a message of 1..500 code points: as typed, but trimmed, line ends and tabs as spaces,
   * other control characters removed. A refused message is not stored. The same key of the same
   * viewer returns the first message again, even after a restart, whatever the new text is.
   */
  post(post: Post): Outcome<Posted> {
    const { key, name } = post;
    if (!key || key.length > MAX_KEY) {
      return refuse(`The key of a message has 1 to ${MAX_KEY} characters, not ${key.length}`);
    }
    const posted = attempt(() => this.#repeated(post) ?? this.#post(post));
    if ("refused" in posted || posted.repeated) return posted;
    this.events.emit("message", { message: posted.message, key });
    if (name !== undefined) this.#options.people.announce(posted.message.author);
    return posted;
  }

  /** Returns the newest messages; none if they cannot be read. */
  newest(limit = 50): ChatPage {
    return this.before(Number.MAX_SAFE_INTEGER, limit);
  }

  /** Returns the newest of the messages that are older than this id; none if they cannot be read. */
  before(id: number, limit = 50): ChatPage {
    const { store } = this.#options;
    const read = attempt(() => ({
      chat: store.before(id, limit + 1),
      isPurging: store.isPurging,
    }));
    if ("refused" in read) return { chat: [], more: false };
    const isFull = read.chat.length > limit;
    const chat = isFull ? read.chat.slice(1) : read.chat;
    // There may be older ones behind those that are being deleted.
    return { chat, more: isFull || (read.isPurging && chat.length > 0) };
  }

  /** Returns the message with this id; `null` if there is none. */
  get(id: number): ChatMessage | null {
    const read = attempt(() => ({ message: this.#options.store.get(id) }));
    return "refused" in read ? null : read.message;
  }

  /** Deletes messages; returns the ids of those that existed. */
  delete(ids: readonly number[]): Outcome<{ readonly ids: readonly number[] }> {
    const deleted = attempt(() => ({ ids: this.#options.store.delete(ids) }));
    if ("refused" in deleted) return deleted;
    if (deleted.ids.length > 0) this.events.emit("delete", deleted.ids);
    return deleted;
  }

  #repeated({ viewer, key }: Post): Outcome<Posted> | null {
    const kept = this.#options.store.find(this.#options.people.of(viewer).author, key);
    if (!kept) return null;
    if (!kept.message) return refuse("The streamer deleted this message");
    return { message: kept.message, repeated: true };
  }

  #post({ viewer, key, text, name }: Post): Outcome<Posted> {
    const { store, people, moderation, room, clock } = this.#options;
    const mutedUntil = moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, clock.wall());
    const checked = messageFrom(text, MAX_TEXT);
    if ("refused" in checked) return checked;
    const unwanted = moderation.check(checked.text);
    if (unwanted) return refuse(unwanted);
    const wait = this.#wait(viewer);
    if (wait) return wait;
    const unnamed = name === undefined ? null : people.rename(viewer, name);
    if (unnamed) return unnamed;
    const person = people.of(viewer);
    if (person.name === null) return refuse("Enter a name first: it appears next to your messages");
    const { hue, author, supporter } = person;
    const message = store.add(
      { at: clock.wall(), name: person.name, hue, text: checked.text, supporter, author },
      key,
    );
    this.#posted++;
    this.#pace.count(viewer, room.settings.slowMode);
    return { message, repeated: false };
  }

  #wait(viewer: string): Refused | null {
    const { slowMode } = this.#options.room.settings;
    const { burst, slow } = this.#pace.waitOf(viewer, slowMode);
    if (slow > burst) {
      return refuse(
        `Slow mode: one message in ${duration(1000 * slowMode)}, your next in ${duration(slow)}`,
        slow,
      );
    }
    return burst
      ? refuse(`You are sending messages too fast: try again in ${duration(burst)}`, burst)
      : null;
  }
}
