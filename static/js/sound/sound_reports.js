/** How often the server learns what was heard. Milliseconds. */
const REPORT_MS = 250;

/** The server takes no longer times. Milliseconds. */
const MAX_MS = 60_000;

/**
 * @typedef {object} Heard What is heard of the newest packet.
 * @property {number} buffered
 * @property {number} gaps
 * @property {number | null} offset
 */

/** Tells the server which packets have arrived and how they are heard, so that it sends no more than the link carries. */
export class SoundReports {
  #send;
  #heard;
  #clock;
  /** The newest packet, and when it arrived. */
  #newest = { sequence: 0, at: 0 };
  #reportedAt = -Infinity;
  #gapsBefore = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {(message: { type: "heard", sequence: number, ago: number } & Heard) => void} options.send
   * @param {() => Heard} options.heard
   * @param {Pick<import("../clock.js").Clock, "monotonic">} options.clock
   */
  constructor({ send, heard, clock }) {
    this.#send = send;
    this.#heard = heard;
    this.#clock = clock;
  }

  /** The server begins anew, or ends. */
  begin() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reportedAt = -Infinity;
    this.#gapsBefore = this.#heard().gaps;
  }

  /** @param {number} sequence Of the newest packet, which has just arrived. */
  arrived(sequence) {
    const now = this.#clock.monotonic();
    this.#newest = { sequence, at: now };
    const wait = this.#reportedAt + REPORT_MS - now;
    if (wait <= 0) this.#report();
    // The last packets of a burst are reported too: nothing more may come until they are.
    else this.#timer ??= setTimeout(() => this.#report(), wait);
  }

  #report() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reportedAt = this.#clock.monotonic();
    const { sequence, at } = this.#newest;
    const { buffered, gaps, offset } = this.#heard();
    const isKnown = offset !== null && Math.abs(offset) <= MAX_MS;
    this.#send({
      type: "heard",
      sequence,
      // A browser may have frozen the page meanwhile.
      ago: Math.min(MAX_MS, Math.round(this.#reportedAt - at)),
      buffered: Math.round(buffered),
      gaps: gaps - this.#gapsBefore,
      offset: isKnown ? Math.round(offset) : null,
    });
  }
}
