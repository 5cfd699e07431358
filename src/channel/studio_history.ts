import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { StudioSample } from "../live_messages.ts";

/** How far back the studio's plots go. Milliseconds. */
const SPAN_MS = 10 * 60_000;

/** The time between two samples. Milliseconds. */
const INTERVAL_MS = 2_000;

/** What is measured at one time. */
export type Measured = Omit<StudioSample, "ago">;

/** Keeps what the studio plots over the last ten minutes, so that its plots are full when it opens. */
export class StudioHistory {
  readonly #measure: () => Measured;
  readonly #clock: Pick<Clock, "monotonic">;
  /** The oldest first. */
  readonly #samples: { readonly at: number; readonly measured: Measured }[] = [];

  /** Has no samples yet. */
  constructor(measure: () => Measured, clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#measure = measure;
    this.#clock = clock;
  }

  /** The samples of the last ten minutes, the oldest first. */
  get samples(): StudioSample[] {
    const now = this.#clock.monotonic();
    return this.#samples.map(({ at, measured }) => ({ ago: Math.round(now - at), ...measured }));
  }

  /** Takes a sample if one is due; call it a few times a second. */
  tick(): void {
    const now = this.#clock.monotonic();
    const last = this.#samples.at(-1);
    if (last && now - last.at < INTERVAL_MS) return;
    this.#samples.push({ at: now, measured: this.#measure() });
    while (now - this.#samples[0].at > SPAN_MS) this.#samples.shift();
  }
}
