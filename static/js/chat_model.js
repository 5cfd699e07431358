import { DEVICE_CLOCK } from "./clock.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/**
 * @typedef {object} ChatEntry One line of the chat. Immutable: a new state is a new entry with the same key.
 * @property {string} key Identifies the line on this page through all its states.
 * @property {ChatMessage} message An own message before confirmation is as it will look, with the id 0.
 * @property {"sent" | "sending"} status
 */

/**
 * The messages that the chat shows: confirmed ones in the order of confirmation, then the viewer's own that are not
 * confirmed yet. Keeps the newest `limit` messages.
 */
export class ChatModel {
  #limit;
  #clock;
  /** @type {Map<number, ChatEntry>} By id, oldest first. */
  #confirmed = new Map();
  /** @type {Map<string, ChatEntry>} By key, in the order of sending. */
  #outgoing = new Map();
  #more = false;
  /** The page asks for messages older than this id, which stays valid after that message is deleted; 0 without any. */
  #start = 0;

  /** @param {{ limit?: number, clock?: Pick<import("./clock.js").Clock, "wall"> }} [options] */
  constructor({ limit = 500, clock = DEVICE_CLOCK } = {}) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** @returns {ChatEntry[]} */
  get entries() {
    return [...this.#confirmed.values(), ...this.#outgoing.values()];
  }

  /** The id to ask for older messages with; `null` if there are none or no more fit. */
  get olderThan() {
    if (!this.#more || this.#confirmed.size >= this.#limit) return null;
    return this.#start || null;
  }

  /**
   * Returns whether a message answers one of this author's, as far as that is loaded.
   *
   * @param {ChatMessage} message
   * @param {string} author
   */
  isReplyTo({ reply }, author) {
    return reply !== undefined && this.#confirmed.get(reply.id)?.message.author === author;
  }

  /**
   * Takes the newest messages, on joining and after each reconnection.
   *
   * @param {readonly ChatMessage[]} chat Oldest first.
   * @param {boolean} more Whether there are older messages.
   * @param {boolean} fresh Whether this is a different server, so that the same ids mean different messages.
   */
  join(chat, more, fresh) {
    const meets = chat.length > 0 && this.#confirmed.has(chat[0].id);
    const before = this.#confirmed;
    if (fresh || !meets) {
      this.#confirmed = new Map();
      this.#more = more;
      this.#start = chat[0]?.id ?? 0;
    } else {
      // A message missing from the middle has been deleted.
      this.#confirmed = new Map([...before].filter(([id]) => id < chat[0].id));
    }
    for (const message of chat) {
      const known = fresh ? undefined : before.get(message.id);
      this.#confirmed.set(message.id, entryOf(message, known?.key));
    }
    this.#trim();
  }

  /**
   * Takes a confirmed message.
   *
   * @param {ChatMessage} message
   * @param {string} [key] Its key, if this page sent it.
   */
  add(message, key) {
    const own = key !== undefined && this.#outgoing.delete(key);
    if (!own && this.#confirmed.has(message.id)) return;
    const late = this.#newest() > message.id;
    this.#confirmed.set(message.id, entryOf(message, own ? key : undefined));
    if (late) this.#confirmed = new Map([...this.#confirmed].sort(([a], [b]) => a - b));
    this.#trim();
  }

  /**
   * Takes older messages.
   *
   * @param {number} before The id that the page asked with.
   * @param {readonly ChatMessage[]} chat Oldest first.
   * @param {boolean} more
   */
  addOlder(before, chat, more) {
    if (before !== this.#start) return;
    this.#more = more;
    this.#start = chat[0]?.id ?? before;
    const older = chat.map((message) => /** @type {const} */ ([message.id, entryOf(message)]));
    this.#confirmed = new Map([...older, ...this.#confirmed]);
    this.#trim();
  }

  /**
   * Shows the viewer's own message before its confirmation.
   *
   * @param {string} key
   * @param {Omit<ChatMessage, "id" | "at">} message
   */
  begin(key, message) {
    const entry = { id: 0, at: this.#clock.wall(), ...message };
    this.#outgoing.set(key, { key, message: entry, status: "sending" });
  }

  /** @param {string} key Of an own message that is not sent after all. */
  discard(key) {
    this.#outgoing.delete(key);
  }

  /** @param {readonly number[]} ids */
  delete(ids) {
    for (const id of ids) this.#confirmed.delete(id);
  }

  /**
   * Marks all messages of an author as a supporter's, or no longer so.
   *
   * @param {string} author
   * @param {boolean} supporter
   */
  setSupporter(author, supporter) {
    for (const [id, entry] of this.#confirmed) {
      if (entry.message.author !== author) continue;
      this.#confirmed.set(id, { ...entry, message: { ...entry.message, supporter } });
    }
  }

  /**
   * Deletes all messages of an author.
   *
   * @param {string} author
   * @param {number} upTo The id of the newest message to delete.
   */
  purge(author, upTo) {
    for (const { message } of this.#confirmed.values()) {
      if (message.author === author && message.id <= upTo) this.#confirmed.delete(message.id);
    }
  }

  #newest() {
    return [...this.#confirmed.keys()].at(-1) ?? 0;
  }

  #trim() {
    for (const id of this.#confirmed.keys()) {
      this.#start = id;
      if (this.#confirmed.size <= this.#limit) return;
      this.#confirmed.delete(id);
      this.#more = true;
    }
  }
}

/**
 * @param {ChatMessage} message
 * @param {string} [key]
 * @returns {ChatEntry}
 */
function entryOf(message, key = `message-${message.id}`) {
  return { key, message, status: "sent" };
}
