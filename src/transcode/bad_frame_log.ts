import type { Logger } from "../log/log.ts";
import type { Job } from "./job.ts";

/** How often a frame that no codec reads is worth a warning. Milliseconds. */
const WARN_EVERY_MS = 10_000;

/**
 * Logs frames that no codec reads. A source with one bad frame often has many, so it warns at most
 * every ten seconds, and only when the error differs from the last warning's.
 */
export class BadFrameLog {
  readonly #log: Logger;
  #warnedAt = -Infinity;
  #warnedError = "";

  /** Logs to `log`. */
  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Logs a frame that no codec reads.
   *
   * @param now Monotonic time, milliseconds.
   */
  add({ frame, orientation }: Job, error: string, now: number): void {
    const isNews = error !== this.#warnedError && now - this.#warnedAt >= WARN_EVERY_MS;
    if (isNews) [this.#warnedAt, this.#warnedError] = [now, error];
    const what = orientation === undefined
      ? `Cannot transcode frame ${frame.sequence}; viewers get it unchanged`
      : `Cannot rotate frame ${frame.sequence}`;
    this.#log[isNews ? "warn" : "debug"](`${what}: ${error}`);
  }
}
