import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import type { Patience } from "./patience.ts";

/**
 * Descriptors that new connections do not get, kept for connections not counted yet, for ffmpeg and
 * for files: this many, or this share of a low limit.
 */
const RESERVE = { most: 4096, share: 1 / 4 };

/** The least time between two log lines about too few descriptors. Milliseconds. */
const REMINDER_MS = 60_000;

/** Options of {@linkcode DescriptorRoom}. */
export interface DescriptorRoomOptions {
  /** How many descriptors this process may have. */
  readonly limit: number;
  /** Where to remind of too few descriptors. */
  readonly log: Logger;
  /** How patient to be with connections while there is room for more. */
  readonly patience: Patience;
  /** Spaces the reminders. */
  readonly clock: Pick<Clock, "monotonic">;
}

/** How many more connections fit into the descriptors that this process may have. */
export class DescriptorRoom {
  readonly #options: DescriptorRoomOptions;
  /** Descriptors left for new connections, as last counted. */
  #room = Infinity;
  #remindedAt = -Infinity;

  /** Creates one that assumes plenty of room until the first count. */
  constructor(options: DescriptorRoomOptions) {
    this.#options = options;
  }

  /** The number of descriptors that new connections do not get. */
  get reserve(): number {
    const { most, share } = RESERVE;
    return Math.min(most, Math.ceil(share * this.#options.limit));
  }

  /** Whether the next new connection is one too many. */
  get isFull(): boolean {
    return this.#room <= 0;
  }

  /** Whether more connections came than there was room for. */
  get isExceeded(): boolean {
    return this.#room < 0;
  }

  /** Counts a connection that came since the last count. */
  take(): void {
    this.#room--;
  }

  /**
   * Takes a new count, and returns how patient it allows to be.
   *
   * @param free How many descriptors are free.
   */
  count(free: number): Patience {
    const { reserve } = this;
    const { patience } = this.#options;
    this.#room = free - reserve;
    if (this.#room > 0) return patience;
    this.remind();
    const header = free > reserve / 2 ? 1_000 : -Infinity;
    return { ...patience, header, idle: header };
  }

  /** Logs, once in a while, what to do about too few descriptors. */
  remind(): void {
    const { clock, limit, log } = this.#options;
    const now = clock.monotonic();
    if (now - this.#remindedAt < REMINDER_MS) return;
    this.#remindedAt = now;
    log.warn(
      "Too many open files, so new connections are refused: raise ulimit -n, or LimitNOFILE in systemd",
      { limit },
    );
  }
}
