import type { Clock } from "../../clock.ts";

/** How long the encoder is watched before each verdict. Milliseconds. */
const WINDOW_MS = 5_000;

/** The longest median delay of a frame. Milliseconds. */
const MAX_DELAY_MS = 100;

/** The largest share of frames that may be dropped before it. */
const MAX_DROPPED = 1 / 5;

/**
 * Frames that follow each other faster come in a burst, as from a camera on Wi-Fi. That all but the last are
 * dropped is not the encoder's fault. Milliseconds.
 */
const BURST_MS = 8;

/** With fewer frames, as a still picture has, nothing is concluded from a median. */
const MIN_FRAMES = 10;

/** Finds out whether an encoder keeps up with the frames. */
export class Pace {
  readonly #clock: Pick<Clock, "monotonic">;
  #delays: number[] = [];
  #dropped = 0;
  #since = -Infinity;

  /** Watches from the first frame that was encoded: until then, ffmpeg starts. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Notes how long a frame took. Milliseconds. */
  encoded(delay: number): void {
    // The first one waited for the start.
    if (this.#since === -Infinity) this.#since = this.#clock.monotonic();
    else this.#delays.push(delay);
  }

  /**
   * Notes that a frame was dropped.
   *
   * @param waited How long it had waited for the encoder. Milliseconds.
   */
  dropped(waited: number): void {
    if (this.#since > -Infinity && waited >= BURST_MS) this.#dropped++;
  }

  /** Returns why the encoder is too slow; `null` if it is not, or before five seconds. */
  verdict(): string | null {
    if (this.#clock.monotonic() - this.#since < WINDOW_MS || this.#since === -Infinity) return null;
    const delays = this.#delays.sort((one, other) => one - other);
    const dropped = this.#dropped;
    this.#since = this.#clock.monotonic();
    this.#delays = [];
    this.#dropped = 0;
    const frames = delays.length + dropped;
    if (frames < MIN_FRAMES) return null;
    if (dropped > MAX_DROPPED * frames) {
      return `it encodes only ${delays.length} of ${frames} frames in 5 s`;
    }
    const median = delays[delays.length >> 1];
    return median > MAX_DELAY_MS ? `it takes ${Math.round(median)} ms for a frame` : null;
  }
}
