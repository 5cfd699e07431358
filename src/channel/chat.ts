import type { ChatMessage } from "../live_messages.ts";
import { MAX_KEY } from "./key.ts";
import type { Moderation } from "./moderation.ts";
import { Pace } from "./pace.ts";
import type { People } from "./people.ts";
import { attempt, duration, type Outcome, refuse, type Refused, refuseMuted } from "./refusal.ts";
import type { ChatStore } from "./store.ts";
import { messageFrom } from "./text.ts";

export interface ChatOptions {
  readonly store: ChatStore;
  readonly people: People;
  readonly moderation: Moderation;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** What a viewer wants to say. */
export interface Post {
  readonly viewer: string;
  /** The page's own name for the message, 1..64 characters: sent again with it, it counts once. */
  readonly key: string;
  readonly text: string;
  /** Their name from now on. Needed unless they have one. */
  readonly name?: string;
}

/** A message that is kept; `repeated` if it was already. */
export interface Posted {
  readonly message: ChatMessage;
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

/** The chat room. */
export class Chat {
  readonly #options: ChatOptions;
  readonly #pace: Pace;
  #posted = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#pace = new Pace(options.monotonic);
  }

  /** Messages that were taken since the start. */
  get posted(): number {
    return this.#posted;
  }

  /**
   * Takes a message: as typed, but trimmed, line ends and tabs as spaces, other control characters
   * taken out, 1..500 code points. What is returned is kept; what is refused is not. The same key
   * of the same viewer gives the first message again, after a restart too, whatever else is said.
   */
  post(post: Post): Outcome<Posted> {
    if (!post.key || post.key.length > MAX_KEY) {
      return refuse(`Cannot take a message with a key of ${post.key.length} characters`);
    }
    return attempt(() => this.#repeated(post) ?? this.#post(post));
  }

  /** The newest messages; none where they cannot be read. */
  newest(limit = 50): ChatPage {
    return this.before(Number.MAX_SAFE_INTEGER, limit);
  }

  /** The newest messages of those older than this id; none where they cannot be read. */
  before(id: number, limit = 50): ChatPage {
    const { store } = this.#options;
    const read = attempt(() => ({
      chat: store.before(id, limit + 1),
      isPurging: store.isPurging,
    }));
    if ("refused" in read) return { chat: [], more: false };
    const isFull = read.chat.length > limit;
    const chat = isFull ? read.chat.slice(1) : read.chat;
    // Older ones may stand behind those that are being deleted.
    return { chat, more: isFull || (read.isPurging && chat.length > 0) };
  }

  /** A message that is there; `null` otherwise. */
  get(id: number): ChatMessage | null {
    const read = attempt(() => ({ message: this.#options.store.get(id) }));
    return "refused" in read ? null : read.message;
  }

  /** Deletes messages; gives the ids of those that were there. */
  delete(ids: readonly number[]): Outcome<{ readonly ids: readonly number[] }> {
    return attempt(() => ({ ids: this.#options.store.delete(ids) }));
  }

  #repeated({ viewer, key }: Post): Outcome<Posted> | null {
    const kept = this.#options.store.find(this.#options.people.of(viewer).author, key);
    if (!kept) return null;
    if (!kept.message) return refuse("The streamer deleted this message");
    return { message: kept.message, repeated: true };
  }

  #post({ viewer, key, text, name }: Post): Outcome<Posted> {
    const { store, people, moderation, now } = this.#options;
    const mutedUntil = moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, now());
    const checked = messageFrom(text, MAX_TEXT);
    if ("refused" in checked) return checked;
    const unwanted = moderation.check(checked.text);
    if (unwanted) return refuse(unwanted);
    const wait = this.#wait(viewer);
    if (wait) return wait;
    const unnamed = name === undefined ? null : people.rename(viewer, name);
    if (unnamed) return unnamed;
    const person = people.of(viewer);
    if (person.name === null) return refuse("A name is needed");
    const { hue, author, supporter } = person;
    const message = store.add(
      { at: now(), name: person.name, hue, text: checked.text, supporter, author },
      key,
    );
    this.#posted++;
    this.#pace.count(viewer, moderation.slowMode);
    return { message, repeated: false };
  }

  #wait(viewer: string): Refused | null {
    const { slowMode } = this.#options.moderation;
    const { burst, slow } = this.#pace.waitOf(viewer, slowMode);
    if (slow > burst) {
      return refuse(
        `Slow mode: one message in ${duration(1000 * slowMode)}, your next in ${duration(slow)}`,
        slow,
      );
    }
    return burst ? refuse(`That was quick: your next message in ${duration(burst)}`, burst) : null;
  }
}
