/** How far the player stays behind the newest frame. With less, a busy device seeks again and again. Milliseconds. */
export const TARGET_MS = 80;

/** So much more, and the player seeks. Milliseconds. */
const SEEK_MS = 250;

/** A seek takes time itself: at most one in this time. Milliseconds. */
const SEEK_PAUSE_MS = 2000;

/** A smaller change is not worth its cost to the player. */
const STEP = 0.02;

/** Decides how fast a player plays to stay a fixed time behind the newest frame. */
export class LagControl {
  #rate = 1;
  #soughtAt = -Infinity;

  /**
   * Returns the playback rate, and whether to jump to the target.
   *
   * @param {number} lag How far the player is behind the end of what it has. Milliseconds.
   * @param {number} now Monotonic time. Milliseconds.
   * @returns {{ rate: number, seeks: boolean }}
   */
  steer(lag, now) {
    const error = lag - TARGET_MS;
    const seeks = error > SEEK_MS && now - this.#soughtAt >= SEEK_PAUSE_MS;
    if (seeks) this.#soughtAt = now;
    const wanted = seeks ? 1 : 1 + Math.min(0.3, Math.max(-0.1, 2 * error / 1000));
    if (Math.abs(wanted - this.#rate) >= STEP) this.#rate = wanted;
    return { rate: this.#rate, seeks };
  }
}
