import type { Clock } from "../../clock.ts";

/** The pauses before an encoder that failed is tried again, the last one from then on. Milliseconds. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

/** After so long of good work, a failure counts as the first. Milliseconds. */
const FORGIVEN_MS = 30_000;

/** Decides when an encoder that failed is tried again. */
export class Retries {
  readonly #clock: Pick<Clock, "monotonic">;
  #failures = 0;
  #retryAt = -Infinity;
  #workingSince: number | null = null;

  /** Nothing has failed yet. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether it waits for its next try. */
  get isWaiting(): boolean {
    return this.#clock.monotonic() < this.#retryAt;
  }

  /** Notes that it gives packets. */
  works(): void {
    const now = this.#clock.monotonic();
    this.#workingSince ??= now;
    if (now - this.#workingSince >= FORGIVEN_MS) this.#failures = 0;
  }

  /** Notes that it was stopped because nobody needs it. */
  rests(): void {
    this.#workingSince = null;
  }

  /**
   * Notes that it failed, and begins the pause.
   *
   * @returns Whether it is the first failure, of which people want to know.
   */
  failed(): boolean {
    const isFirst = this.#failures === 0;
    const pause = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    this.#retryAt = this.#clock.monotonic() + pause;
    this.#workingSince = null;
    return isFirst;
  }
}
