import type { Clock } from "../../clock.ts";

/** The longest time from key to key, less half a frame: frames do not come to the millisecond. Milliseconds. */
const INTERVAL_MS = 985;

/**
 * A frame becomes a key if the next one would come later than this after the last key: HLS has no longer segments.
 * Milliseconds.
 */
const MOST_MS = 1_400;

/** The shortest time, whatever is asked for. Milliseconds. */
const LEAST_MS = 500;

/** Decides which frames become key packets. */
export class KeySchedule {
  readonly #clock: Pick<Clock, "monotonic">;
  #lastAt = -Infinity;
  #isWanted = false;
  /** Monotonic time of the newest frame; `null` before the first. */
  #frameAt: number | null = null;
  /** Between the last two frames. Milliseconds. */
  #interval = 0;

  /** The first frame becomes one. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether a frame that comes now becomes a key. */
  get isDue(): boolean {
    const age = this.#clock.monotonic() - this.#lastAt;
    return age >= (this.#isWanted ? LEAST_MS : INTERVAL_MS) || age + this.#interval > MOST_MS;
  }

  /** Asks for a key as soon as the last one is half a second old. */
  request(): void {
    this.#isWanted = true;
  }

  /** Notes that a frame comes. Returns whether it becomes a key. */
  take(): boolean {
    const now = this.#clock.monotonic();
    this.#interval = now - (this.#frameAt ?? now);
    this.#frameAt = now;
    const { isDue } = this;
    if (isDue) {
      this.#lastAt = now;
      this.#isWanted = false;
    }
    return isDue;
  }

  /** Begins anew, with a new encoder. */
  restart(): void {
    this.#lastAt = -Infinity;
    this.#isWanted = false;
    this.#frameAt = null;
    this.#interval = 0;
  }
}
