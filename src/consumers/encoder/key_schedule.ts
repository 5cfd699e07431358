import type { Clock } from "../../clock.ts";

/** The longest time from key to key, less half a frame: frames do not come to the millisecond. Milliseconds. */
const INTERVAL_MS = 985;

/** The shortest time, whatever is asked for. Milliseconds. */
const LEAST_MS = 500;

/** Decides which frames become key packets. */
export class KeySchedule {
  readonly #clock: Pick<Clock, "monotonic">;
  #lastAt = -Infinity;
  #isWanted = false;

  /** The first frame becomes one. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether a frame that comes now becomes a key. */
  get isDue(): boolean {
    return this.#clock.monotonic() - this.#lastAt >= (this.#isWanted ? LEAST_MS : INTERVAL_MS);
  }

  /** Asks for a key as soon as the last one is half a second old. */
  request(): void {
    this.#isWanted = true;
  }

  /** Notes that a frame was given that becomes a key. */
  given(): void {
    this.#lastAt = this.#clock.monotonic();
    this.#isWanted = false;
  }

  /** Begins anew, with a new encoder. */
  restart(): void {
    this.#lastAt = -Infinity;
    this.#isWanted = false;
  }
}
