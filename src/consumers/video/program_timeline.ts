/** Sound this far from where the last one ended follows it all the same: clocks jitter. Milliseconds. */
const SOUND_TOLERANCE_MS = 60;

/** Sound that is dropped because it is late is taken again when it is only this late. Milliseconds. */
const SOUND_IN_STEP_MS = 20;

/** The longest step of the picture's time; what is longer is a clock that was set. Milliseconds. */
const MAX_STEP_MS = 10_000;

/** The step after a clock was set. Milliseconds. */
const STEP_MS = 40;

/** The shortest step, as two pictures cannot be due at once. Milliseconds. */
const MIN_STEP_MS = 1;

/** The most that a picture may be earlier than the one before. Milliseconds. */
const JITTER_MS = 100;

/**
 * Places picture and sound by their wall times on one timeline that begins at 0 with the first picture. It
 * only goes forward, also when the machine's clock is set. All times are milliseconds.
 */
export class ProgramTimeline {
  /** The wall time of 0; `null` before the first picture. */
  #epoch: number | null = null;
  #videoTime = 0;
  #soundEnd = 0;
  #isSoundLate = false;

  /** Returns when a picture is due: later than the one before. */
  video(at: number): number {
    if (this.#epoch === null) {
      this.#epoch = at;
      return 0;
    }
    const step = at - this.#epoch - this.#videoTime;
    if (step < -JITTER_MS || step > MAX_STEP_MS) {
      this.#videoTime += STEP_MS;
      this.#epoch = at - this.#videoTime;
    } else this.#videoTime += Math.max(step, MIN_STEP_MS);
    return this.#videoTime;
  }

  /**
   * Returns when sound is due: with the end of the sound before it, or later if something is missing between
   * them. `null` if its time has passed, or before the first picture.
   */
  sound(at: number, duration: number): number | null {
    if (this.#epoch === null) return null;
    const offset = at - this.#epoch - this.#soundEnd;
    const tolerance = this.#isSoundLate ? SOUND_IN_STEP_MS : SOUND_TOLERANCE_MS;
    this.#isSoundLate = offset < -tolerance;
    if (this.#isSoundLate) return null;
    const time = offset > SOUND_TOLERANCE_MS ? at - this.#epoch : this.#soundEnd;
    this.#soundEnd = time + duration;
    return time;
  }

  /** Returns a wall time on this timeline. */
  timeOf(wall: number): number {
    return this.#epoch === null ? 0 : wall - this.#epoch;
  }
}
