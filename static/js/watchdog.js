import { DEVICE_CLOCK } from "./clock.js";

/**
 * Notices that the device slept, by a timer that fires much later than due. Connections are often dead by then, although
 * the browser does not know.
 */
export class Watchdog {
  #onTick;
  #onWake;
  #clock;
  #everyMs;
  #jumpMs;
  #lastAt = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => void} options.onWake
   * @param {() => void} [options.onTick] Runs each second while the device is awake.
   * @param {number} [options.everyMs]
   * @param {number} [options.jumpMs] A tick later than this means that the device slept.
   * @param {Pick<import("./clock.js").Clock, "wall">} [options.clock] Wall time goes on while the device sleeps.
   */
  constructor({ onWake, onTick = () => {}, everyMs = 1000, jumpMs = 5000, clock = DEVICE_CLOCK }) {
    this.#onTick = onTick;
    this.#onWake = onWake;
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#jumpMs = jumpMs;
  }

  /** Starts watching. */
  start() {
    this.stop();
    this.#lastAt = this.#clock.wall();
    this.#timer = setTimeout(() => this.#tick(), this.#everyMs);
  }

  /** Call this when the tab is hidden, because browsers slow its timers down. */
  stop() {
    clearTimeout(this.#timer);
  }

  #tick() {
    const late = this.#clock.wall() - this.#lastAt - this.#everyMs;
    this.start();
    if (late > this.#jumpMs) this.#onWake();
    else this.#onTick();
  }
}
