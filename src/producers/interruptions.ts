import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import type { Wording } from "./ffmpeg/wording.ts";

/** How long viewers keep the last picture before a card says why there is none. Milliseconds. */
const GRACE_MS = 2_000;
/** So many short interruptions within this time are worth a line in the log. */
const WORTH_SAYING = 3;
const COUNTED_MS = 60_000;

/** Why pictures ended or do not come. */
export interface SourceFailure {
  readonly reason: Wording;
  /** ffmpeg's own last words, as far as the log may quote them. */
  readonly lastLine: string;
}

export interface InterruptionsOptions {
  readonly log: Logger;
  /** Says that there are no pictures, and why; `failed` waits for it. */
  readonly onOutage: (failure: SourceFailure) => Promise<void>;
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * Tells short interruptions of a source from outages. A camera that resets, a server that ends its
 * answer after so many pictures, or an ffmpeg that crashes is often back at once. Such a failure is
 * an outage only when no picture has come for 2 s.
 */
export class Interruptions {
  readonly #log: Logger;
  readonly #onOutage: (failure: SourceFailure) => Promise<void>;
  readonly #clock: Pick<Clock, "monotonic">;
  #lastFrameAt = -Infinity;
  #failure: SourceFailure | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the source recovered within the last minute, oldest first. */
  #recoveries: number[] = [];
  #saidAt = -Infinity;

  constructor({ log, onOutage, clock = SYSTEM_CLOCK }: InterruptionsOptions) {
    this.#log = log;
    this.#onOutage = onOutage;
    this.#clock = clock;
  }

  /** Notes that a picture came. Returns whether it ended a short interruption. */
  recovered(): boolean {
    const now = this.#clock.monotonic();
    const failure = this.#failure;
    if (failure !== null) this.#noteRecovery(failure, now);
    this.#lastFrameAt = now;
    return failure !== null;
  }

  /** Notes that the source failed. Of several failures before the next picture the last one counts. */
  async failed(failure: SourceFailure): Promise<void> {
    const left = this.#lastFrameAt + GRACE_MS - this.#clock.monotonic();
    if (left <= 0) {
      this.#clear();
      return await this.#onOutage(failure);
    }
    if (this.#failure === null) this.#timer = setTimeout(() => this.#giveUp(), left);
    this.#failure = failure;
  }

  /** Forgets the source: another one is shown, or none any more. */
  reset(): void {
    this.#clear();
    this.#lastFrameAt = this.#saidAt = -Infinity;
    this.#recoveries = [];
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#failure = null;
  }

  #giveUp(): void {
    const failure = this.#failure!;
    this.#clear();
    this.#onOutage(failure);
  }

  #noteRecovery({ reason, lastLine }: SourceFailure, now: number): void {
    this.#clear();
    const milliseconds = Math.round(now - this.#lastFrameAt);
    this.#log.debug(`Interrupted: ${reason.forStreamer}`, { milliseconds, ffmpeg: lastLine });
    this.#recoveries = [...this.#recoveries.filter((at) => at > now - COUNTED_MS), now];
    const { length: times } = this.#recoveries;
    if (times < WORTH_SAYING || now - this.#saidAt < COUNTED_MS) return;
    this.#saidAt = now;
    this.#log.info(
      `Interrupted ${times} times within a minute, each time for less than 2 s: ${reason.forStreamer}`,
    );
  }
}
