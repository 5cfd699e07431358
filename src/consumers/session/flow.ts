import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";

/** A stream that gives no frame for so long does not flow. Milliseconds. */
const GAP_MS = 400;
/** Nor does one with fewer frames in a second than this; it flows again with the other number. */
const WINDOW_MS = 1000;
const LEAST = 5;
const AGAIN = 7;

/**
 * Finds out whether a stream gives moving pictures, or cards, stills and what a slow source gives. At about a
 * frame a second, decoders run dry and show the frame before; each picture has to stand alone.
 */
export class Flow {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Those of the last frames, oldest first. */
  #times: number[] = [];
  /** When the first of the frames came that follow each other without a gap. */
  #since = -Infinity;
  #isFlowing = true;

  /** Expects moving pictures until it is known better. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Counts a frame that is given to the sessions, or given again. */
  count(): void {
    const now = this.#clock.monotonic();
    if (this.#hasGap(now)) {
      this.#isFlowing &&= this.#times.length === 0;
      this.#times = [];
      this.#since = now;
    }
    this.#times.push(now);
    while (this.#times[0] <= now - WINDOW_MS) this.#times.shift();
  }

  /** Whether it gives moving pictures now. */
  get isFlowing(): boolean {
    const now = this.#clock.monotonic();
    const count = this.#times.length;
    if (count === 0) return true;
    if (this.#hasGap(now)) this.#isFlowing = false;
    else if (count >= AGAIN) this.#isFlowing = true;
    else if (count < LEAST && now - this.#since >= WINDOW_MS) this.#isFlowing = false;
    return this.#isFlowing;
  }

  #hasGap(now: number): boolean {
    return now - (this.#times.at(-1) ?? -Infinity) > GAP_MS;
  }
}
