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
 * They count as they are while they can be true. A picture from the future, or pictures that are all older than ten
 * seconds, show that the clocks differ. From then on, the picture that came soonest within the last minute counts as
 * captured when it arrived, and others by how much later they came.
 */
export class CaptureTimes {
  #differs = false;
  /** The smallest differences of arrival and timestamp, in this half and the one before. */
  #least = Infinity;
  #leastBefore = Infinity;
  #halfFrom = -Infinity;
  #lastTimestamp = -Infinity;
  #last = -Infinity;
  #tooOld = 0;

  /** What is added to timestamps: 0 while the clocks agree. Milliseconds. */
  get offset(): number {
    return this.#differs ? Math.min(this.#least, this.#leastBefore) : 0;
  }

  /**
   * Takes a picture.
   *
   * @param timestamp When it was captured, by the other machine's clock. Milliseconds since the Unix epoch.
   * @param arrival When it arrived, by this machine's.
   */
  take(timestamp: number, arrival: number): CaptureTime {
    const knew = this.#differs;
    const difference = arrival - timestamp;
    if (timestamp < this.#lastTimestamp - SET_BACK_MS) this.#forget();
    this.#lastTimestamp = timestamp;
    this.#remember(difference, arrival);
    this.#tooOld = difference > MAX_AGE_MS ? this.#tooOld + 1 : 0;
    if (difference < -TOLERANCE_MS || this.#tooOld >= TOO_OLD) this.#differs = true;
    const at = Math.min(arrival, timestamp + this.offset);
    // One that is too old alone is a picture that stood still before this program connected.
    const likely = arrival - at > MAX_AGE_MS ? arrival : at;
    // Times never fall, or players would have to go back.
    this.#last = Math.min(arrival, Math.max(likely, this.#last + 1));
    return { at: this.#last, isNews: this.#differs && !knew };
  }

  #remember(difference: number, arrival: number): void {
    if (arrival - this.#halfFrom >= HALF_MS || arrival < this.#halfFrom) {
      this.#halfFrom = arrival;
      this.#leastBefore = this.#least;
      this.#least = Infinity;
    }
    this.#least = Math.min(this.#least, difference);
  }

  #forget(): void {
    this.#least = this.#leastBefore = Infinity;
    this.#tooOld = 0;
  }
}
