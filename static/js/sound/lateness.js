/** How long the fastest packets wait, at least and at most. Milliseconds. */
const MIN_DELAY_MS = 40;
const MAX_DELAY_MS = 120;

/** The delay before anything is known about the link: enough for 60 ms of jitter. */
const FIRST_DELAY_MS = 80;

/** The delay is that of the latest packet, and this much more. */
const MARGIN_MS = 20;

/** How fast the delay shrinks, in milliseconds a second. */
const SHRINK = 4;

/** The fastest packet of this many seconds is what others are compared with: few, because clocks drift. */
const FASTEST_SECONDS = 4;

/** The latest packet of this many seconds decides the delay. */
const LATEST_SECONDS = 10;

/**
 * Measures how late packets are compared with the fastest ones, and how long these must wait so that the others are in
 * time. The transit of a packet is the difference between its arrival and its timestamp, by clocks that need not agree.
 */
export class Lateness {
  /** The shortest transit of each second, newest last. @type {number[]} */
  #transits = [];
  /** The highest lateness of each second. @type {number[]} */
  #peaks = [];
  #second = -Infinity;
  #now = -Infinity;
  #delay = FIRST_DELAY_MS;

  /** The shortest transit. */
  get shortest() {
    return Math.min(...this.#transits);
  }

  /** How long the fastest packets wait. Milliseconds. */
  get delay() {
    return this.#delay;
  }

  /**
   * @param {number} now
   * @param {number} transit
   * @returns {number} How much longer it took than the fastest packet.
   */
  add(now, transit) {
    if (this.#transits.length === 0) this.#now = now;
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#transits = [...this.#transits, transit].slice(-FASTEST_SECONDS);
      this.#peaks = [...this.#peaks, 0].slice(-LATEST_SECONDS);
    }
    const newest = this.#transits.length - 1;
    this.#transits[newest] = Math.min(this.#transits[newest], transit);
    const late = transit - this.shortest;
    this.#peaks[this.#peaks.length - 1] = Math.max(this.#peaks[this.#peaks.length - 1], late);
    this.#follow(now);
    return late;
  }

  /** @param {number} ms Timestamps from now on are this much earlier than before. */
  shift(ms) {
    this.#transits = this.#transits.map((transit) => transit + ms);
  }

  /** @param {number} transit From now on, no packet is expected to be faster. */
  restart(transit) {
    this.#transits = [transit];
  }

  /** @param {number} now */
  #follow(now) {
    const wanted = Math.max(...this.#peaks) + MARGIN_MS;
    const least = Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, wanted));
    this.#delay = Math.max(least, this.#delay - SHRINK * (now - this.#now) / 1000);
    this.#now = now;
  }
}
