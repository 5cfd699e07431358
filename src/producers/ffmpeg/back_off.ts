import type { FailureKind } from "./diagnosis.ts";

/** The first is for a source that had been live; the others are for one that did not open. */
const PAUSES_MS = [100, 1_000, 2_000, 4_000, 8_000, 10_000];
/** An unplugged camera is searched for at this interval, so that it is live soon after it is back. */
const MISSING_MS = 1_500;
/** A source that keeps ending shows its last frame, not a card, if it is back within 2 s. */
const BROKEN_OFF_MS = 1_500;

/** After this long a source counts as sound, and its next failure as the first. */
const STEADY_MS = 2_000;

/** The facts about an attempt that the pause depends on. */
export interface Attempted {
  /** Whether there was a frame. */
  readonly hadFrames: boolean;
  /** Time from its first frame to its last. Milliseconds. */
  readonly liveFor: number;
}

/** Decides how long to wait before a source is opened again. */
export class BackOff {
  #failures = 1;

  /**
   * Returns the pause in milliseconds: 0.1 s after 2 s or more of frames; then 1, 2, 4, 8 and 10 s,
   * but at most 1.5 s while the source is missing or gives at least some frames each time.
   */
  next(kind: FailureKind, { hadFrames, liveFor }: Attempted): number {
    if (liveFor >= STEADY_MS) this.#failures = 0;
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    if (kind === "missing") {
      this.#failures = Math.max(this.#failures, 1);
      return Math.min(pause, MISSING_MS);
    }
    this.#failures++;
    return hadFrames ? Math.min(pause, BROKEN_OFF_MS) : pause;
  }
}
