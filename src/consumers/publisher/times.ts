/** A larger gap between two pictures means that somebody set the clock. Milliseconds. */
const MAX_STEP_MS = 10_000;

/** Capture times jitter: a picture that is earlier by no more than this follows all the same. Milliseconds. */
const MAX_STEP_BACK_MS = 1_000;

/** Timestamps of FLV and RTMP have 31 bits: after 24 days, another connection begins. Milliseconds. */
const MAX_TIME_MS = 2 ** 31 - 2 * MAX_STEP_MS;

/** Gives pictures and sound their timestamps in one connection: from 0 on, and each later than the one before. */
export class PublishTimes {
  readonly #from: number;
  #newest: number;
  #picture = -1;
  #sound = -1;

  /**
   * Begins.
   *
   * @param from Wall time of the first picture.
   */
  constructor(from: number) {
    this.#from = from;
    this.#newest = from;
  }

  /** Returns whether a picture of this wall time can follow. */
  canFollow(at: number): boolean {
    const step = at - this.#newest;
    return step <= MAX_STEP_MS && step >= -MAX_STEP_BACK_MS && at - this.#from < MAX_TIME_MS;
  }

  /** Returns the timestamp of the next picture, captured at this wall time. Milliseconds. */
  picture(at: number): number {
    this.#newest = at;
    return this.#picture = Math.max(Math.round(at - this.#from), this.#picture + 1);
  }

  /** Returns that of the next packet of sound; `null` for one that must be left out. */
  sound(at: number): number | null {
    const time = Math.round(at - this.#from);
    if (time <= this.#sound || time < 0 || time > this.#newest - this.#from + MAX_STEP_MS) {
      return null;
    }
    return this.#sound = time;
  }
}
