import { DEVICE_CLOCK } from "../clock.js";
import { RecentMedian } from "./recent_median.js";

/** A frame that the browser shows so much later was painted before the page was hidden. Milliseconds. */
const MAX_WAIT_MS = 1000;

/** If times or ages differ by more, the viewer has gone to another time. Milliseconds. */
const JUMP_MS = 1000;

/**
 * Measures how old the picture is on this page: from the frame's timestamp, by the server's clock, to when the browser shows
 * it, by this page's monotonic one. Only its difference to the age of the sound means something.
 */
export class PictureAge {
  #ages = new RecentMedian();
  #clock;
  #onShown;
  /** The newest frame that was painted, and when. @type {{ at: number, paintedAt: number } | null} */
  #newest = null;

  /**
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [clock]
   * @param {(callback: () => void) => void} [onShown] Calls back when the browser shows what has been painted.
   */
  constructor(clock = DEVICE_CLOCK, onShown = whenShown) {
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
    const before = this.#newest;
    const frame = this.#newest = { at, paintedAt: this.#clock.monotonic() };
    if (before && at < before.at - JUMP_MS) this.clear();
    this.#ages.dropAbove(frame.paintedAt - at + JUMP_MS);
    this.#onShown(() => {
      const now = this.#clock.monotonic();
      // Another one may have been painted over it.
      if (frame === this.#newest && now - frame.paintedAt <= MAX_WAIT_MS) {
        this.#ages.add(now, now - at);
      }
    });
  }

  /** Forgets the age, because another time will be shown. */
  clear() {
    this.#ages.clear();
  }

  /** The median of two seconds, in milliseconds; `null` if no frame was shown. */
  get current() {
    return this.#ages.at(this.#clock.monotonic());
  }
}

/** @param {() => void} callback */
function whenShown(callback) {
  // A hidden page gets no animation frames, but picture in picture may show it.
  if (document.hidden) callback();
  else requestAnimationFrame(callback);
}
