import type { SocketStatistics } from "../../net/socket_statistics.ts";

/** Round trips that are longer than the shortest one by this time show a queue. Milliseconds. */
const INFLATED_MS = 40;
/** A connection needs so many round trips until TCP has found out what the way carries. */
const RAMP_TRIPS = 8;
/** A window of so few bytes, after a larger one, is a pause that TCP makes. */
const PAUSED_BYTES = 4 * 1500;
/** No pause is longer. Milliseconds. */
const LONGEST_PAUSE_MS = 1000;
/** What comes sooner after one is none, but a window that is small for good. Milliseconds. */
const BETWEEN_PAUSES_MS = 5000;
/** What a pause held up has come through so many round trips later, and after so many milliseconds. */
const AFTERMATH_TRIPS = 2;
const AFTERMATH_MS = 200;

/** What the kernel tells of TCP on the way to a client: whether packets find a queue, or TCP waits. */
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
