import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { type Rate, RateMeter } from "./rate.ts";

/** The rate of a source that has given frames for a shorter time than this is not known. Milliseconds. */
const YOUNG_MS = 1000;

/** Measures how many frames a second a source gives. */
export class SourceRate {
  readonly #askedFps: number;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #meter = new RateMeter();

  /**
   * Has counted no frame yet.
   *
   * @param askedFps The frame rate that the source was asked for.
   */
  constructor(askedFps: number, clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#askedFps = askedFps;
    this.#clock = clock;
  }

  /** Frames and bits a second that the source gives. */
  get rate(): Rate {
    return this.#meter.rate(this.#clock.monotonic());
  }

  /** Frames a second that the source gives, or will give soon after its start. */
  get fps(): number {
    const now = this.#clock.monotonic();
    return this.#meter.since(now) < YOUNG_MS ? this.#askedFps : this.#meter.rate(now).frames;
  }

  /** Counts a frame of the source. */
  count(bytes: number): void {
    this.#meter.count(bytes, this.#clock.monotonic());
  }
}
