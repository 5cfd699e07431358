import type { Clock } from "../../clock.ts";

/** Another encoder is started if there are so many times as many frames for so long, or so few. Milliseconds. */
const MAX_FASTER = 1.3;
const MAX_SLOWER = 0.75;
const PATIENCE_MS = 3_000;

/** With fewer frames a second the source does not flow: a card is repeated, or the camera stalls. */
const LEAST_FPS = 5;

/** What a budget is built with. */
export interface FrameBudgetOptions {
  /** Frames a second requested from the source. */
  readonly requestedFps: number;
  /** Returns how many it gives. */
  readonly fps: () => number;
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
}

/** Decides on how many frames a second an encoder spends its bit rate: it has to be started for them. */
export class FrameBudget {
  readonly #options: FrameBudgetOptions;
  #startedFor = 0;
  /** Since when frames have come at another rate. Monotonic time; `Infinity` while they do not. */
  #offSince = Infinity;

  /** No encoder has been started yet. */
  constructor(options: FrameBudgetOptions) {
    this.#options = options;
  }

  /** Frames a second: those that come, or would if the source flowed. */
  get fps(): number {
    const { fps, requestedFps } = this.#options;
    const rate = fps();
    return rate < LEAST_FPS ? requestedFps : rate;
  }

  /** Returns the frames a second to start an encoder for. */
  start(): number {
    this.#offSince = Infinity;
    return this.#startedFor = this.fps;
  }

  /** Returns whether another encoder is needed. To be called for each frame. */
  isOff(): boolean {
    const rate = this.#options.fps();
    const now = this.#options.clock.monotonic();
    const isOff = rate > MAX_FASTER * this.#startedFor ||
      (rate >= LEAST_FPS && rate < MAX_SLOWER * this.#startedFor);
    this.#offSince = isOff ? Math.min(this.#offSince, now) : Infinity;
    return now - this.#offSince >= PATIENCE_MS;
  }
}
