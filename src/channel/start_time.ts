import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** Clocks drift apart, or are corrected, by less than this without anyone setting them. Milliseconds. */
const DRIFT_MS = 2_000;

/** When something started, in wall time; follows the clock when somebody sets it. */
export class StartTime {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #reported: number;

  /** Creates a start time of now. */
  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#reported = clock.wall();
  }

  /** Milliseconds since the Unix epoch; constant unless somebody sets the clock. */
  get at(): number {
    const at = this.#clock.wall() - (this.#clock.monotonic() - this.#startedAt);
    if (Math.abs(at - this.#reported) > DRIFT_MS) this.#reported = at;
    return this.#reported;
  }
}
