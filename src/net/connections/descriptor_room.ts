import type { Logger } from "../../log/log.ts";
import type { Patience } from "./patience.ts";

/**
 * Descriptors that new connections do not get: for those that nobody sees coming, for ffmpeg and
 * files. So many, or this share of a low limit.
 */
const RESERVE = { most: 4096, share: 1 / 4 };

/** Too few descriptors are logged once in so long. Milliseconds. */
const REMINDER_MS = 60_000;

export interface DescriptorRoomOptions {
  /** How many descriptors this process may have. */
  readonly limit: number;
  readonly log: Logger;
  /** How patient to be with connections while there is room for more. */
  readonly patience: Patience;
  /** Monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** How many more connections fit into the descriptors that this process may have. */
export class DescriptorRoom {
  readonly #log: Logger;
  readonly #patience: Patience;
  readonly #now: () => number;
  readonly #limit: number;
  /** Descriptors left for new connections, as last counted. */
  #room = Infinity;
  #remindedAt = -Infinity;

  constructor({ limit, log, patience, now }: DescriptorRoomOptions) {
    this.#limit = limit;
    this.#log = log;
    this.#patience = patience;
    this.#now = now;
  }

  /** Descriptors that are kept from new connections. */
  get reserve(): number {
    const { most, share } = RESERVE;
    return Math.min(most, Math.ceil(share * this.#limit));
  }

  /** Whether the next new connection takes the last room. */
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
   * Takes what was counted, and returns how patient that allows to be.
   *
   * @param free How many descriptors are free.
   */
  count(free: number): Patience {
    const { reserve } = this;
    this.#room = free - reserve;
    if (this.#room > 0) return this.#patience;
    this.remind();
    const header = free > reserve / 2 ? 1_000 : -Infinity;
    return { ...this.#patience, header, idle: header };
  }

  /** Tells the streamer, once in a while, what to do about too few descriptors. */
  remind(): void {
    const now = this.#now();
    if (now - this.#remindedAt < REMINDER_MS) return;
    this.#remindedAt = now;
    this.#log.warn(
      "Allow more open files (ulimit -n, or LimitNOFILE of systemd): no more connections fit",
      { limit: this.#limit },
    );
  }
}
