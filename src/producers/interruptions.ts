import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import type { Reason } from "./ffmpeg/reason.ts";

/** How long viewers keep the last picture before a card says why there is none. Milliseconds. */
const GRACE_MS = 2_000;
/** This many short interruptions within `COUNTED_MS` are worth a line in the log. */
const WORTH_LOGGING = 3;
const COUNTED_MS = 60_000;

/** Why frames stopped, or never started. */
export interface SourceFailure {
  /** What is wrong and what to do. */
  readonly reason: Reason;
  /** The last line that ffmpeg wrote, as far as the log may quote it. */
  readonly lastLine: string;
  /** Whether the source shows this program's own stream. Default: false. */
  readonly isLoop?: boolean;
}

/** Options of {@linkcode Interruptions}. */
export interface InterruptionsOptions {
  /** Receives a line about each interruption. */
  readonly log: Logger;
  /** Takes a failure that turned out to be an outage; `failed` waits for it. */
  readonly onOutage: (failure: SourceFailure) => Promise<void>;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * Distinguishes short interruptions of a source from outages. A camera that resets, a server that ends
 * its response after a number of frames, or an ffmpeg that crashes is often back at once. Such a
 * failure becomes an outage only after 2 s without a frame.
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
  #loggedAt = -Infinity;

  /** Creates the judge of one source at a time; {@linkcode reset} it for the next. */
  constructor({ log, onOutage, clock = SYSTEM_CLOCK }: InterruptionsOptions) {
    this.#log = log;
    this.#onOutage = onOutage;
    this.#clock = clock;
  }

  /** Records a frame. Returns whether it ended a short interruption. */
  recovered(): boolean {
    const now = this.#clock.monotonic();
    const failure = this.#failure;
    if (failure !== null) this.#noteRecovery(failure, now);
    this.#lastFrameAt = now;
    return failure !== null;
  }

  /** Records a failure. Of several failures before the next frame, the last one counts. */
  async failed(failure: SourceFailure): Promise<void> {
    const left = this.#lastFrameAt + GRACE_MS - this.#clock.monotonic();
    if (left <= 0) {
      this.#clear();
      return await this.#onOutage(failure);
    }
    if (this.#failure === null) this.#timer = setTimeout(() => this.#giveUp(), left);
    this.#failure = failure;
  }

  /** Forgets the source, when another one replaces it or the program ends. */
  reset(): void {
    this.#clear();
    this.#lastFrameAt = this.#loggedAt = -Infinity;
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
    if (times < WORTH_LOGGING || now - this.#loggedAt < COUNTED_MS) return;
    this.#loggedAt = now;
    this.#log.info(
      `Interrupted ${times} times within a minute, for less than 2 s each: ${reason.forStreamer}`,
    );
  }
}
