import type { SocketStatistics } from "../../net/socket_statistics.ts";

/** Round trips that are longer than the shortest one by this time show a queue. Milliseconds. */
const INFLATED_MS = 40;
/** TCP needs this many round trips to find out how much the path carries. */
const RAMP_TRIPS = 8;
/** When a larger congestion window shrinks to this, TCP is pausing. Bytes. */
const PAUSED_BYTES = 4 * 1500;
/** The longest pause. Milliseconds. */
const LONGEST_PAUSE_MS = 1000;
/** Pauses that come more often than this are a window that stays small. Milliseconds. */
const BETWEEN_PAUSES_MS = 5000;
/** After a pause, frames that it delayed arrive for this many round trips, and this long. */
const AFTERMATH_TRIPS = 2;
const AFTERMATH_MS = 200;

/** The state of a TCP connection, from the kernel's reports: are packets queuing, or is TCP itself pausing? */
export class Transport {
  /** How much longer than the shortest round trip they are now. Milliseconds; `null` if unknown. */
  #inflation: number | null = null;
  #roundTrip = 0;
  #rampUntil = -Infinity;
  /** When the window became small; `Infinity` while it is not. */
  #smallSince = Infinity;
  #wasLarge = false;
  #pausedUntil = -Infinity;
  /** When the last pause began. */
  #pausedAt = -Infinity;

  /** The shortest round trip. Milliseconds; 0 if unknown. */
  get roundTrip(): number {
    return this.#roundTrip;
  }

  /** How much longer than that round trips have been lately. Milliseconds; 0 if unknown. */
  get inflation(): number {
    return this.#inflation ?? 0;
  }

  /** Whether packets are known to find a queue. */
  get isBusy(): boolean {
    return this.inflation >= INFLATED_MS;
  }

  /** Whether packets are known to find no queue: what waits, waits for TCP, such as to repair a loss. */
  get isIdle(): boolean {
    return this.#inflation !== null && !this.isBusy;
  }

  /** Whether TCP paused at the last report. */
  get isPausing(): boolean {
    return this.#wasLarge && this.#smallSince < Infinity;
  }

  /** Takes what the kernel reports at a monotonic time, in milliseconds. */
  take(socket: SocketStatistics, at: number): void {
    const { roundTrip, shortestRoundTrip, congestionWindow = Infinity } = socket;
    if (roundTrip === undefined || shortestRoundTrip === undefined) return;
    this.#roundTrip = shortestRoundTrip;
    this.#inflation = roundTrip - shortestRoundTrip;
    if (congestionWindow > PAUSED_BYTES) {
      this.#wasLarge = true;
      this.#smallSince = Infinity;
      return;
    }
    if (this.#smallSince === Infinity) {
      this.#smallSince = at;
      if (at - this.#pausedAt < BETWEEN_PAUSES_MS) this.#wasLarge = false;
      else this.#pausedAt = at;
    }
    const isShort = at - this.#smallSince < LONGEST_PAUSE_MS;
    if (!isShort) this.#wasLarge = false;
    if (this.isPausing) this.#pausedUntil = at + AFTERMATH_MS + AFTERMATH_TRIPS * roundTrip;
  }

  /** Notes when the first part left: TCP begins to find out what the way carries. */
  begin(at: number): void {
    this.#rampUntil = at + RAMP_TRIPS * this.#roundTrip;
  }

  /**
   * Returns whether bytes wait for TCP, and not for long: it does not know yet what the way carries, or
   * pauses to see the shortest round trip, as BBR does every ten seconds, or after a time-out.
   */
  isWaiting(now: number): boolean {
    return (now < this.#rampUntil && this.isIdle) || now < this.#pausedUntil;
  }
}
