/** Clocks that are set by NTP differ by less. Milliseconds. */
const TOLERANCE_MS = 50;
/** No picture is on its way for longer. Milliseconds. */
const MAX_AGE_MS = 10_000;
/** The clock of the other machine was set back if its time falls by more. Milliseconds. */
const SET_BACK_MS = 1_000;
/** How long a difference is remembered, in two halves: clocks drift. Milliseconds. */
const HALF_MS = 30_000;
/** Pictures that are all too old show that the clocks differ: a link that had stalled brings a few. */
const TOO_OLD = 20;
/** On no network does even the fastest picture take this long. Milliseconds. */
const MAX_WAY_MS = 1_000;
/** Clocks that were found to differ agree again below this, so that times do not jump to and fro. Milliseconds. */
const NEAR_MS = 500;
/** How long the smallest difference must have stayed the same: after a stall, or on a slow link at first, it falls. */
const SETTLED_MS = 5_000;
/** The most that one picture adds to that: a burst, or one picture after a pause, proves little. Milliseconds. */
const MAX_STEP_MS = 250;

/** When a picture was captured, by this machine's clock. */
export interface CaptureTime {
  /** Never later than it arrived. Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Whether the clocks were found to differ just now. */
  readonly isNews: boolean;
}

/**
 * Derives when pictures of another machine were captured, from its timestamps.
 *
 * They count as they are while they can be true. The clocks differ if a picture comes from the future, if pictures are all
 * older than ten seconds, or if even the picture that came soonest is older than a second. Then, and while the last is not
 * ruled out, the picture that came soonest within the last minute counts as captured when it arrived, and others by how
 * much later they came.
 */
export class CaptureTimes {
  #differs = false;
  /** Whether the other clock is behind: even the picture that came soonest seemed old, for long enough. */
  #isBehind = false;
  /** The smallest differences of arrival and timestamp, in this half and the one before. */
  #least = Infinity;
  #leastBefore = Infinity;
  #halfFrom = -Infinity;
  #lastTimestamp = -Infinity;
  #last = -Infinity;
  #lastArrival = -Infinity;
  #tooOld = 0;
  /** What the smallest difference was when it last fell, and how long pictures have come since. */
  #settledAt = Infinity;
  #settledFor = 0;

  /** Whether the clocks were found to differ. */
  get differ(): boolean {
    return this.#differs || this.#isBehind;
  }

  /** What is added to timestamps: 0 while the clocks agree, `null` while that is not known. Milliseconds. */
  get offset(): number | null {
    return this.differ || this.#soonest <= MAX_WAY_MS ? this.#shift : null;
  }

  /** The smallest difference within the last minute. */
  get #soonest(): number {
    return Math.min(this.#least, this.#leastBefore);
  }

  /** As `offset`, or the best guess while that is not known. */
  get #shift(): number {
    const isFar = this.#soonest > (this.#isBehind ? NEAR_MS : MAX_WAY_MS);
    return this.#differs || isFar ? this.#soonest : 0;
  }

  /**
   * Takes a picture.
   *
   * @param timestamp When it was captured, by the other machine's clock. Milliseconds since the Unix epoch.
   * @param arrival When it arrived, by this machine's.
   */
  take(timestamp: number, arrival: number): CaptureTime {
    const knew = this.differ;
    const difference = arrival - timestamp;
    if (timestamp < this.#lastTimestamp - SET_BACK_MS) this.#forget();
    this.#lastTimestamp = timestamp;
    this.#remember(difference, arrival);
    this.#tooOld = difference > MAX_AGE_MS ? this.#tooOld + 1 : 0;
    if (difference < -TOLERANCE_MS || this.#tooOld >= TOO_OLD) this.#differs = true;
    this.#settle(difference, arrival);
    const at = Math.min(arrival, timestamp + this.#shift);
    // One that is too old alone is a picture that stood still before this program connected.
    const likely = arrival - at > MAX_AGE_MS ? arrival : at;
    // Times never fall, or players would have to go back.
    this.#last = Math.min(arrival, Math.max(likely, this.#last + 1));
    return { at: this.#last, isNews: this.differ && !knew };
  }

  #remember(difference: number, arrival: number): void {
    if (arrival - this.#halfFrom >= HALF_MS || arrival < this.#halfFrom) {
      this.#halfFrom = arrival;
      this.#leastBefore = this.#least;
      this.#least = Infinity;
    }
    this.#least = Math.min(this.#least, difference);
  }

  /** Finds out whether the other clock is behind. */
  #settle(difference: number, arrival: number): void {
    if (difference < this.#settledAt - TOLERANCE_MS) {
      this.#settledAt = difference;
      this.#settledFor = 0;
    } else {
      const passed = arrival - this.#lastArrival;
      this.#settledFor += Math.max(0, Math.min(passed, MAX_STEP_MS));
    }
    this.#lastArrival = arrival;
    if (this.#soonest <= NEAR_MS) this.#isBehind = false;
    else if (this.#soonest > MAX_WAY_MS && this.#settledFor >= SETTLED_MS) this.#isBehind = true;
  }

  #forget(): void {
    this.#least = this.#leastBefore = this.#settledAt = Infinity;
    this.#tooOld = this.#settledFor = 0;
  }
}
