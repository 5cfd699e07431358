import { randomKey } from "./random_key.js";
import { refusalText } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */

/** Milliseconds between two requests. The server takes a page for gone after five of them. */
const INTERVAL_MS = 2000;
const TIMEOUT_MS = 8000;

/** As many of the longest messages as fit into one request. */
const MAX_SENT = 3;

/**
 * Exchanges messages with the server by POST, for as long as the page has no WebSocket. It ends with the first request that
 * fails: starting again brings a new greeting, and with it everything that was missed.
 */
export class Polling {
  #headers;
  #onMessages;
  #onEnd;
  #fetch;
  /** Identifies the connection; empty while there is none. */
  #key = "";
  /** The key of the last request while it is under way. */
  #asking = "";
  /** @type {ClientMessage[]} */
  #outbox = [];
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => Record<string, string>} options.headers Called for the headers of each request.
   * @param {(messages: readonly ServerMessage[]) => void} options.onMessages Called with each answer, also an empty one.
   * @param {(reason: string) => void} options.onEnd A request failed; why, if the server said so. Not called after `stop()`.
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   */
  constructor({ headers, onMessages, onEnd, fetch }) {
    this.#headers = headers;
    this.#onMessages = onMessages;
    this.#onEnd = onEnd;
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
  }

  /** Begins, unless it runs. */
  start() {
    if (this.#key) return;
    this.#key = randomKey();
    this.#ask();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#key = "";
    this.#outbox = [];
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} Whether it will be sent.
   */
  send(message) {
    // An acknowledgement has to be on time, or it makes the link look slow.
    if (message.type === "painted") return false;
    this.#outbox.push(message);
    if (this.#asking !== this.#key) this.#ask();
    return true;
  }

  async #ask() {
    clearTimeout(this.#timer);
    const key = this.#asking = this.#key;
    const answer = await this.#post({ key, messages: this.#outbox.splice(0, MAX_SENT) });
    if (key !== this.#key) return;
    if (answer.messages) this.#onMessages(answer.messages);
    // A message may have made the page stop.
    if (key !== this.#key) return;
    this.#asking = "";
    if (!answer.isOpen) {
      this.stop();
      this.#onEnd(answer.detail ? refusalText({ ...answer, reason: answer.detail }) : "");
    } else if (this.#outbox.length > 0) this.#ask();
    else this.#timer = setTimeout(() => this.#ask(), INTERVAL_MS);
  }

  /**
   * @param {{ key: string, messages: ClientMessage[] }} body
   * @returns {Promise<{ messages?: ServerMessage[], isOpen?: boolean, detail?: string, code?: string }>}
   */
  async #post(body) {
    try {
      const response = await this.#fetch("live", {
        method: "POST",
        headers: {
          "Accept": "application/json",
          "Content-Type": "application/json",
          ...this.#headers(),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        cache: "no-store",
      });
      return await response.json();
    } catch {
      // The server does not answer, or something else does.
      return {};
    }
  }
}
