import type { FailureKind } from "./diagnosis.ts";

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 10_000];
/** What is unplugged is looked for steadily, so that it is live soon after it is back. */
const MISSING_MS = 1_500;

/** Who gave pictures for less than that may do so for ever, each time a little. */
const STEADY_MS = 2_000;

/** How long to wait before a source is opened again. */
export class BackOff {
  #failures = 0;

  /**
   * @param kind Why the source failed.
   * @param liveFor For how many milliseconds it had given pictures this time; after 2 s of them the
   * failure counts as the first.
   * @returns Milliseconds: 1, 2, 4, 8 and then 10 s while it fails; 1.5 s while it is missing.
   */
  next(kind: FailureKind, liveFor: number): number {
    if (liveFor >= STEADY_MS) this.#failures = 0;
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    if (kind === "missing") return Math.min(pause, MISSING_MS);
    this.#failures++;
    return pause;
  }
}
