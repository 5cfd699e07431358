/**
 * The server's time. A Raspberry Pi without a network may be off by days, and this device need not agree with it.
 */
export class ServerClock {
  #offset = 0;
  #startedAt = 0;
  #fetch;
  #now;

  /**
   * @param {object} [options]
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   * @param {() => number} [options.now] This device's, in milliseconds since the Unix epoch.
   */
  constructor({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now } = {}) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Reads it from the `Date` of an answer, which is good to a second; keeps what it has if there is none. */
  async sync() {
    const sentAt = this.#now();
    try {
      const answer = await this.#fetch("settings", { method: "HEAD", cache: "no-store" });
      const date = Date.parse(answer.headers.get("date") ?? "");
      if (Number.isNaN(date)) return;
      // Full seconds, cut off: half a second more is the best guess.
      this.#offset = date + 500 - (sentAt + this.#now()) / 2;
    } catch {
      // Without a connection the time is asked for again with the next one.
    }
  }

  /**
   * Hears from the server when it started, by its clock. Where that is another time than before, its
   * clock was set by as much.
   * @param {number} startedAt
   * @param {boolean} isGreeting Whether this may be another server than before; its time is asked for.
   */
  follow(startedAt, isGreeting) {
    if (!isGreeting) this.#offset += startedAt - this.#startedAt;
    this.#startedAt = startedAt;
  }

  /** Milliseconds since the Unix epoch. */
  get now() {
    // Less than this is within what is not known.
    return this.#now() + (Math.abs(this.#offset) < 1500 ? 0 : this.#offset);
  }

  /**
   * @param {number} at The server's, in milliseconds since the Unix epoch.
   * @returns {number} The same in this device's time.
   */
  here(at) {
    return at - (this.now - this.#now());
  }
}
