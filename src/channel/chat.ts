import type { Clock } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { ChatMessage, Person } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import { MAX_KEY } from "./key.ts";
import type { Moderation } from "./moderation.ts";
import { Pace } from "./pace.ts";
import type { People } from "./people.ts";
import { quoteOf } from "./quote.ts";
import { attempt, duration, type Outcome, refuse, type Refused, refuseMuted } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { ChatStore } from "./store.ts";
import type { Streamer } from "./streamer.ts";
import { messageFrom, plainText } from "./text.ts";

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
  /** Who writes from the studio. */
  readonly streamer: Streamer;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** The time of messages, and of waiting between them. */
  readonly clock: Clock;
}

/** Events of {@linkcode Chat}. */
export interface ChatEvents {
  /** A new message is stored. `key` is for its author's pages alone. */
  readonly message: { readonly message: ChatMessage; readonly key: string };
  /** The messages with these ids were deleted. */
  readonly delete: readonly number[];
  /** So were the lines of these donations. */
  readonly deleteGifts: readonly number[];
}

/** A message to be posted. */
export interface Speech {
  /** The page's own name for the message, 1..64 characters. The same key never posts twice. */
  readonly key: string;
  /** What they typed. */
  readonly text: string;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
}

/** A message that a viewer sends. */
export interface Post extends Speech {
  /** Who sends it. */
  readonly viewer: string;
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

type NamedPerson = Person & { readonly name: string };

/** Returns who writes a text, or why they may not now. */
type Admission = (text: string) => Outcome<NamedPerson>;

/** A part of the chat's history. */
export interface ChatPage {
  /** Oldest first. */
  readonly chat: readonly ChatMessage[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** A part of the chat's history, read forwards. */
export interface ChatStretch {
  /** Oldest first. */
  readonly chat: readonly ChatMessage[];
  /** The id to read on from; `null` at the end. */
  readonly next: number | null;
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
   * Stores a message of 1..500 code points: as typed, but trimmed, on at most ten lines, tabs as
   * spaces, other control characters removed. A refused message is not stored. The same key of the
   * same viewer returns the first message again, even after a restart, whatever the new text is.
   */
  post(post: Post): Outcome<Posted> {
    const { viewer, name } = post;
    const { people, room } = this.#options;
    const author = people.authorOf(viewer);
    const posted = this.#publish(post, author, (text) => this.#admit(post, text));
    if ("refused" in posted || posted.repeated) return posted;
    this.#pace.count(viewer, room.settings.slowMode);
    if (name !== undefined) people.announce(author);
    return posted;
  }

  /** Stores a message of the streamer, who need not wait and may use blocked words. */
  speak(speech: Speech): Outcome<Posted> {
    const { author, person } = this.#options.streamer;
    return this.#publish(speech, author, () => person);
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

  /** Returns the oldest of the messages that are newer than this id, for reading all of them. */
  after(id: number, limit: number): Outcome<ChatStretch> {
    return attempt(() => this.#options.store.after(id, limit));
  }

  /** Returns the message with this id; `null` if there is none. */
  get(id: number): ChatMessage | null {
    const read = attempt(() => ({ message: this.#options.store.get(id) }));
    return "refused" in read ? null : read.message;
  }

  /** Returns who wrote those of the messages with these ids that exist, each author once. */
  authorsOf(ids: readonly number[]): Outcome<{ readonly authors: readonly string[] }> {
    return attempt(() => ({ authors: this.#options.store.authorsOf(ids) }));
  }

  /**
   * Deletes messages. A donation whose line is deleted no longer counts.
   *
   * @param by The moderator who does it, for the log; absent for the streamer.
   * @returns The ids of those that existed.
   */
  delete(ids: readonly number[], by?: string): Outcome<{ readonly ids: readonly number[] }> {
    const { store, log } = this.#options;
    const deleted = attempt(() => store.delete(ids));
    if ("refused" in deleted) return deleted;
    const { ids: found, donations } = deleted;
    if (found.length > 0) {
      log.info("Deleted messages", { count: found.length, ...(by && { by }) });
      this.events.emit("delete", found);
    }
    if (donations.length > 0) this.events.emit("deleteGifts", donations);
    return { ids: found };
  }

  #publish(speech: Speech, author: string, admit: Admission): Outcome<Posted> {
    const { key } = speech;
    if (!key || key.length > MAX_KEY) {
      return refuse("message-key", { max: MAX_KEY, length: key.length });
    }
    const posted = attempt(() => this.#repeated(author, key) ?? this.#add(speech, admit));
    if ("refused" in posted || posted.repeated) return posted;
    this.#posted++;
    this.events.emit("message", { message: posted.message, key });
    return posted;
  }

  #repeated(author: string, key: string): Outcome<Posted> | null {
    const kept = this.#options.store.find(author, key);
    if (!kept) return null;
    if (!kept.message) return refuse("message-deleted");
    return { message: kept.message, repeated: true };
  }

  #add({ key, text, replyTo }: Speech, admit: Admission): Outcome<Posted> {
    const { store, people, clock } = this.#options;
    const checked = messageFrom(text, MAX_TEXT);
    if ("refused" in checked) return checked;
    const original = replyTo === undefined ? null : store.get(replyTo);
    if (replyTo !== undefined && !original) return refuse("no-such-message");
    const admitted = admit(checked.text);
    if ("refused" in admitted) return admitted;
    const { name, hue, author, role } = admitted;
    const mentions = people.mentionedIn(checked.text);
    const message = store.add({
      ...{ at: clock.wall(), name, hue, text: checked.text, author },
      ...(role && { role }),
      ...(original && { reply: quoteOf(original) }),
      ...(mentions.length > 0 && { mentions }),
    }, key);
    return { message, repeated: false };
  }

  #admit({ viewer, name }: Post, text: string): Outcome<NamedPerson> {
    const { people, moderation, clock } = this.#options;
    const mutedUntil = moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, clock.wall());
    // A blocked phrase may span lines.
    const unwanted = moderation.check(plainText(text));
    if (unwanted) return refuse(unwanted);
    const wait = this.#wait(viewer);
    if (wait) return wait;
    const named = name === undefined ? null : people.rename(viewer, name);
    if (named && "refused" in named) return named;
    const person = people.of(viewer);
    return person.name === null ? refuse("nameless") : { ...person, name: person.name };
  }

  #wait(viewer: string): Refused | null {
    const { slowMode } = this.#options.room.settings;
    const { burst, slow } = this.#pace.waitOf(viewer, slowMode);
    if (slow > burst) {
      const values = { interval: duration(1000 * slowMode), wait: duration(slow) };
      return refuse("slow-mode", values, slow);
    }
    return burst ? refuse("too-fast", { wait: duration(burst) }, burst) : null;
  }
}
