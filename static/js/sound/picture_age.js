import { DEVICE_CLOCK } from "../clock.js";
import { RecentMedian } from "./recent_median.js";

/**
 * Measures how old the picture is on this page: from the frame's timestamp, by the server's clock, to when the browser shows
 * it, by this page's monotonic one. Only its difference to the age of the sound means something.
 */
export class PictureAge {
  #ages = new RecentMedian();
  #clock;
  #onShown;
  /** The timestamp of a frame that was painted and not shown yet. @type {number | null} */
  #painted = null;

  /**
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [clock]
   * @param {(callback: () => void) => void} [onShown] Calls back when the browser shows what has been painted.
   */
  constructor(clock = DEVICE_CLOCK, onShown = (callback) => void requestAnimationFrame(callback)) {
    this.#clock = clock;
    this.#onShown = onShown;
  }

  /**
   * Takes a frame that was painted now.
   *
   * @param {number | null} at Its timestamp, in milliseconds; `null` if the server gave none.
   */
  painted(at) {
    if (at === null) return;
    const isWaiting = this.#painted !== null;
    this.#painted = at;
    if (!isWaiting) this.#onShown(() => this.#shown());
  }

  /** The median of two seconds, in milliseconds; `null` if no frame was shown. */
  get current() {
    return this.#ages.at(this.#clock.monotonic());
  }

  #shown() {
    if (this.#painted === null) return;
    const now = this.#clock.monotonic();
    this.#ages.add(now, now - this.#painted);
    this.#painted = null;
  }
}
