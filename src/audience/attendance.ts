import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";

/** A page that is reloaded is away for less than this. Milliseconds. */
const AWAY_MS = 5_000;

/** What attendance is built with. */
export interface AttendanceOptions {
  /** Says who comes and leaves. */
  readonly log: Logger;
  /** Called when the first viewer has come, and when the last one has left. */
  readonly onChange?: (isAnyoneHere: boolean) => void;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Logs when the first viewer comes, and when the last one has left. */
export class Attendance {
  readonly #log: Logger;
  readonly #onChange: (isAnyoneHere: boolean) => void;
  readonly #clock: Pick<Clock, "monotonic">;
  /** When a session was last open; `null` once the last viewer has left. */
  #lastSeen: number | null = null;

  /** Starts without having seen a viewer. */
  constructor({ log, onChange = () => {}, clock = SYSTEM_CLOCK }: AttendanceOptions) {
    this.#log = log;
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** Takes the number of open sessions. Call this a few times a second. */
  observe(sessions: number): void {
    const now = this.#clock.monotonic();
    if (sessions > 0) {
      const isFirst = this.#lastSeen === null;
      this.#lastSeen = now;
      if (!isFirst) return;
      this.#log.info("The first viewer is watching");
      this.#onChange(true);
    } else if (this.#lastSeen !== null && now - this.#lastSeen >= AWAY_MS) {
      this.#lastSeen = null;
      this.#log.info("The last viewer has left");
      this.#onChange(false);
    }
  }
}
