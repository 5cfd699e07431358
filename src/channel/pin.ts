import type { ChatMessage } from "../live_messages.ts";
import { attempt, keepUntilEnd, type Outcome, refuse, type Refused } from "./refusal.ts";
import type { ChatStore, RoomStore } from "./store.ts";

/** What stores the pinned message, and all messages. */
export interface PinStores {
  /** Stores which message is pinned. */
  readonly room: RoomStore;
  /** Stores the messages. */
  readonly chat: Pick<ChatStore, "get">;
}

/** The setting that stores the id; 0 for none. */
const NAME = "pinned message";

/**
 * The message that the streamer pinned above the chat. Once it is deleted, or its author banned, it is
 * pinned no more.
 */
export class Pin {
  readonly #stores: PinStores;
  #id: number;

  /**
   * Restores the pin.
   *
   * @throws {StoreError} It cannot be read.
   */
  constructor(stores: PinStores) {
    this.#stores = stores;
    this.#id = Number(stores.room.get(NAME) ?? 0);
  }

  /** The pinned message; `null` without one, or if it cannot be read. */
  get message(): ChatMessage | null {
    if (this.#id === 0) return null;
    const read = this.#find(this.#id);
    return "refused" in read ? null : read.message;
  }

  /** Pins a message in place of any other; returns `null`, or why it was not pinned or not stored. */
  pin(id: number): Refused | string | null {
    const read = this.#find(id);
    if ("refused" in read) return read;
    return read.message ? this.#set(id) : refuse("no-such-message");
  }

  /** Unpins the message; returns `null`, or why that was not stored. */
  unpin(): string | null {
    return this.#set(0);
  }

  #set(id: number): string | null {
    this.#id = id;
    return keepUntilEnd(() => this.#stores.room.set(NAME, id));
  }

  #find(id: number): Outcome<{ readonly message: ChatMessage | null }> {
    return attempt(() => ({ message: this.#stores.chat.get(id) }));
  }
}
