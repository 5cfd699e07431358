/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */

/** @typedef {import("./player.js").Received} Received */

/**
 * Tells the server which frame is on the screen: the newest one, at most every 100 ms, and each only once. And which one
 * had come by then, so that a slow device is not taken for a slow link.
 */
export class PaintedReporter {
  #send;
  #everyMs;
  #now;
  /** @type {{ stream: string, sequence: number, at: number, received: Received | null } | null} What is still to be told. */
  #newest = null;
  #sentAt = -Infinity;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {(message: ClientMessage) => void} options.send
   * @param {number} [options.everyMs]
   * @param {() => number} [options.now] Milliseconds.
   */
  constructor({ send, everyMs = 100, now = () => performance.now() }) {
    this.#send = send;
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /**
   * To be called for every frame when it is painted.
   *
   * @param {string} stream What the page called the connection that brought it.
   * @param {number} sequence
   * @param {Received | null} [received] The newest that had come.
   */
  painted(stream, sequence, received = null) {
    const at = this.#now();
    this.#newest = { stream, sequence, at, received };
    if (this.#timer !== undefined) return;
    const wait = this.#sentAt + this.#everyMs - at;
    if (wait <= 0) this.#report();
    else this.#timer = setTimeout(() => this.#report(), wait);
  }

  /** Forgets what was not told yet. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#newest = null;
  }

  #report() {
    this.#timer = undefined;
    if (!this.#newest) return;
    const { stream, sequence, at, received } = this.#newest;
    this.#newest = null;
    const now = this.#sentAt = this.#now();
    const arrived = received && {
      sequence: received.sequence,
      // Another thread's clock, rounded in another way, must not be ahead.
      ago: Math.max(0, Math.round(performance.timeOrigin + now - received.at)),
    };
    const ago = Math.round(now - at);
    this.#send({ type: "painted", stream, sequence, ago, ...(arrived && { arrived }) });
  }
}
