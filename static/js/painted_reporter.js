import { DEVICE_CLOCK } from "./clock.js";

/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */
/** @typedef {import("./player.js").Received} Received */

/**
 * Acknowledges the newest frame on the screen, at most every 100 ms and each frame only once. It also acknowledges the
 * newest frame received by then, so that the server does not mistake a slow device for a slow link.
 */
export class PaintedReporter {
  #send;
  #everyMs;
  #clock;
  /** @type {{ stream: string, sequence: number, at: number, received: Received | null } | null} To be acknowledged. */
  #newest = null;
  #sentAt = -Infinity;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {(message: ClientMessage) => void} options.send
   * @param {number} [options.everyMs]
   * @param {Pick<import("./clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor({ send, everyMs = 100, clock = DEVICE_CLOCK }) {
    this.#send = send;
    this.#everyMs = everyMs;
    this.#clock = clock;
  }

  /**
   * Takes a frame that was painted. Call this for every frame.
   *
   * @param {string} stream The name of the connection it came by.
   * @param {number} sequence
   * @param {Received | null} [received] The newest frame received by then.
   */
  painted(stream, sequence, received = null) {
    const at = this.#clock.monotonic();
    this.#newest = { stream, sequence, at, received };
    if (this.#timer !== undefined) return;
    const wait = this.#sentAt + this.#everyMs - at;
    if (wait <= 0) this.#report();
    else this.#timer = setTimeout(() => this.#report(), wait);
  }

  /** Drops what is not acknowledged yet. */
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
    const now = this.#sentAt = this.#clock.monotonic();
    const arrived = received && {
      sequence: received.sequence,
      // The worker's clock rounds differently and must not be ahead.
      ago: Math.max(0, Math.round(performance.timeOrigin + now - received.at)),
    };
    const ago = Math.round(now - at);
    this.#send({ type: "painted", stream, sequence, ago, ...(arrived && { arrived }) });
  }
}
