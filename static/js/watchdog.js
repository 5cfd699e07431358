/**
 * Notices that the device slept: a timer that should have come each second came much later. Connections are often dead
 * then without knowing.
 */
export class Watchdog {
  #onTick;
  #onWake;
  #now;
  #everyMs;
  #jumpMs;
  #lastAt = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => void} options.onWake
   * @param {() => void} [options.onTick] Each second without a jump.
   * @param {number} [options.everyMs]
   * @param {number} [options.jumpMs] How much later than due is a sleep.
   * @param {() => number} [options.now] Milliseconds of a clock that goes on while the device sleeps.
   */
  constructor({ onWake, onTick = () => {}, everyMs = 1000, jumpMs = 5000, now = Date.now }) {
    this.#onTick = onTick;
    this.#onWake = onWake;
    this.#now = now;
    this.#everyMs = everyMs;
    this.#jumpMs = jumpMs;
  }

  /** Begins to watch, from now. */
  start() {
    this.stop();
    this.#lastAt = this.#now();
    this.#timer = setTimeout(() => this.#tick(), this.#everyMs);
  }

  /** To be called when the tab is hidden: browsers then slow its timers down. */
  stop() {
    clearTimeout(this.#timer);
  }

  #tick() {
    const late = this.#now() - this.#lastAt - this.#everyMs;
    this.start();
    if (late > this.#jumpMs) this.#onWake();
    else this.#onTick();
  }
}
