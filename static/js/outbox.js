/**
 * @typedef {object} Letter A message that the server has not confirmed yet.
 * @property {string} key
 * @property {string} text
 * @property {string} [name] If the viewer changes it.
 * @property {import("../../src/live_messages.ts").ChatMessage["reply"]} [reply] The message that it answers.
 */

/** An unanswered message is sent again after this long; the server counts it once. Milliseconds. */
const PATIENCE_MS = 8000;

/**
 * Sends messages in order until the server confirms each. After a refusal that time will lift, it waits, and then sends one
 * at a time until all are through.
 */
export class Outbox {
  #post;
  /** @type {Map<string, Letter>} By key, in order. */
  #letters = new Map();
  #isWaiting = false;
  #isCareful = false;
  /** @type {number | undefined} */
  #timer;

  /** @param {(letter: Letter) => void} post */
  constructor(post) {
    this.#post = post;
  }

  get size() {
    return this.#letters.size;
  }

  /** @param {Letter} letter */
  add(letter) {
    this.#letters.set(letter.key, letter);
    if (this.#isWaiting || this.#isCareful) return;
    this.#post(letter);
    this.#after(PATIENCE_MS);
  }

  /** @param {string} key */
  get(key) {
    return this.#letters.get(key);
  }

  /** @param {string} key Of a message that the server confirmed, or that is given up. */
  settle(key) {
    if (!this.#letters.delete(key) || this.#isWaiting) return;
    if (this.#letters.size === 0) {
      this.#isCareful = false;
      clearTimeout(this.#timer);
    } else if (this.#isCareful) this.resend();
  }

  /** Gives up all messages, and returns them, oldest first. */
  takeBack() {
    const letters = [...this.#letters.values()];
    this.#letters.clear();
    this.#isWaiting = false;
    this.#isCareful = false;
    clearTimeout(this.#timer);
    return letters;
  }

  /** @param {number} ms When to send the messages again. */
  hold(ms) {
    this.#isWaiting = true;
    this.#isCareful = true;
    this.#after(ms);
  }

  /** Sends what the server has not confirmed, for example after a reconnection. */
  resend() {
    this.#isWaiting = false;
    for (const letter of this.#letters.values()) {
      this.#post(letter);
      if (this.#isCareful) break;
    }
    if (this.#letters.size > 0) this.#after(PATIENCE_MS);
  }

  /** @param {number} ms */
  #after(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.resend(), ms);
  }
}
