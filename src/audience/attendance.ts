import type { Logger } from "../log/log.ts";

/** A page that is loaded anew is away for less than that. Milliseconds. */
const AWAY_MS = 5_000;

export interface AttendanceOptions {
  readonly log: Logger;
  /** Monotonic time in milliseconds. */
  readonly now?: () => number;
}

/** Logs when somebody begins to watch, and when nobody watches any more. */
export class Attendance {
  readonly #log: Logger;
  readonly #now: () => number;
  /** When somebody was last seen watching; `null` while it is known that nobody does. */
  #lastSeen: number | null = null;

  constructor({ log, now = () => performance.now() }: AttendanceOptions) {
    this.#log = log;
    this.#now = now;
  }

  /** To be called some times a second with the number of sessions that are open. */
  observe(sessions: number): void {
    const now = this.#now();
    if (sessions > 0) {
      if (this.#lastSeen === null) this.#log.info("The first viewer is watching");
      this.#lastSeen = now;
    } else if (this.#lastSeen !== null && now - this.#lastSeen >= AWAY_MS) {
      this.#lastSeen = null;
      this.#log.info("The last viewer has left");
    }
  }
}
