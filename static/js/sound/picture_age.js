import { DEVICE_CLOCK } from "../clock.js";
import { RecentMedian } from "./recent_median.js";

/**
 * Measures how old the picture is on this page: from the frame's timestamp, by the server's clock, to its paint, by this
 * page's monotonic one. Only its difference to the age of the sound means something.
 */
export class PictureAge {
  #ages = new RecentMedian();
  #clock;

  /** @param {Pick<import("../clock.js").Clock, "monotonic">} [clock] */
  constructor(clock = DEVICE_CLOCK) {
    this.#clock = clock;
  }

  /**
   * Takes a frame that was painted now.
   *
   * @param {number | null} at Its timestamp, in milliseconds; `null` if the server gave none.
   */
  painted(at) {
    const now = this.#clock.monotonic();
    if (at !== null) this.#ages.add(now, now - at);
  }

  /** The median of two seconds, in milliseconds; `null` if no frame was painted. */
  get current() {
    return this.#ages.at(this.#clock.monotonic());
  }
}
