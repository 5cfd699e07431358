/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */

/**
 * @typedef {object} ChatEntry One line of the chat. Never changes: another state is another entry with the same key.
 * @property {string} key Of this line on this page, from its first to its last state.
 * @property {ChatMessage} message Of one's own that is not confirmed, what it will look like; its id is 0.
 * @property {"sent" | "sending" | "failed"} status
 * @property {string} [reason] Why it failed, in words for its author.
 * @property {number} [retryAt] Before this it is of no use to try again, in milliseconds of `now`; absent if it never is.
 */

/**
 * What the chat shows: what was confirmed, in the order of confirmation, and then one's own that is not yet. Holds at most
 * `limit` messages, the newest.
 */
export class ChatModel {
  #limit;
  #now;
  /** @type {Map<number, ChatEntry>} By id, oldest first. */
  #confirmed = new Map();
  /** @type {Map<string, ChatEntry>} By key, in the order of sending. */
  #outgoing = new Map();
  #more = false;
  /** The id before which older ones are asked for, also once that message was deleted; 0 before there is any. */
  #start = 0;

  /** @param {{ limit?: number, now?: () => number }} [options] `now`: milliseconds since the Unix epoch. */
  constructor({ limit = 500, now = Date.now } = {}) {
    this.#limit = limit;
    this.#now = now;
  }

  /** @returns {ChatEntry[]} */
  get entries() {
    return [...this.#confirmed.values(), ...this.#outgoing.values()];
  }

  /** @returns {ChatEntry[]} One's own that wait for the server's answer. */
  get sending() {
    return [...this.#outgoing.values()].filter(({ status }) => status === "sending");
  }

  /** The oldest id to ask what came before; `null` if nothing did or no more can be shown. */
  get olderThan() {
    if (!this.#more || this.#confirmed.size >= this.#limit) return null;
    return this.#start || null;
  }

  /**
   * Takes the newest messages, as on joining and after each reconnection.
   *
   * @param {readonly ChatMessage[]} chat Oldest first.
   * @param {boolean} more Whether there are older ones.
   * @param {boolean} fresh Whether this is another server than before, whose ids say nothing of those that are here.
   */
  join(chat, more, fresh) {
    const meets = chat.length > 0 && this.#confirmed.has(chat[0].id);
    const before = this.#confirmed;
    if (fresh || !meets) {
      this.#confirmed = new Map();
      this.#more = more;
      this.#start = chat[0]?.id ?? 0;
    } else {
      // What is missing from the middle was deleted meanwhile.
      this.#confirmed = new Map([...before].filter(([id]) => id < chat[0].id));
    }
    for (const message of chat) {
      this.#confirmed.set(message.id, (fresh ? null : before.get(message.id)) ?? entryOf(message));
    }
    this.#trim();
  }

  /**
   * Takes a message that was confirmed.
   *
   * @param {ChatMessage} message
   * @param {string} [key] If it is this page's own.
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
   * @param {number} before The id that was asked for.
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
   * Shows one's own message before it is confirmed.
   *
   * @param {string} key
   * @param {string} text
   * @param {Pick<Person, "hue" | "author" | "supporter"> & { name: string }} author
   */
  begin(key, text, { name, hue, author, supporter }) {
    const message = { id: 0, at: this.#now(), name, hue, text, supporter, author };
    this.#outgoing.set(key, { key, message, status: "sending" });
  }

  /**
   * @param {string} key
   * @param {string} reason
   * @param {number} [retryAfter] Milliseconds; absent if it is of no use to try again.
   */
  fail(key, reason, retryAfter) {
    const entry = this.#outgoing.get(key);
    if (!entry) return;
    const retryAt = retryAfter === undefined ? undefined : this.#now() + retryAfter;
    this.#outgoing.set(key, { key, message: entry.message, status: "failed", reason, retryAt });
  }

  /**
   * Sends a failed one again, with the same key, so that it counts once.
   *
   * @param {string} key
   * @returns {string | null} Its text; `null` if there is no such one.
   */
  retry(key) {
    const entry = this.#outgoing.get(key);
    if (entry?.status !== "failed") return null;
    this.#outgoing.set(key, { key, message: entry.message, status: "sending" });
    return entry.message.text;
  }

  /** @param {string} key Of a failed one that its author gives up. */
  discard(key) {
    this.#outgoing.delete(key);
  }

  /** @param {readonly number[]} ids */
  delete(ids) {
    for (const id of ids) this.#confirmed.delete(id);
  }

  /**
   * Deletes all messages of an author.
   *
   * @param {string} author
   * @param {number} upTo The id of the newest that is deleted.
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
