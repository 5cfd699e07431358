import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { besideSound } from "../consumers/session/beside_sound.ts";
import type { Session } from "../consumers/session/session.ts";
import { maxMinShares } from "./fairness.ts";

/** Shares the uplink among sessions by their need; those of some viewers count double for a while. */
export class Uplink {
  readonly #bits: number | null;
  readonly #clock: Clock;
  /** Until when viewers count double, in monotonic time; by the id in their cookie. */
  readonly #priorities = new Map<string, number>();
  /** Bits a second of what comes first: all sound, and the pictures of programs. */
  #reserved = 0;

  /**
   * Begins with no priorities.
   *
   * @param bits Bits a second that all sessions share; `null` for no limit.
   */
  constructor(bits: number | null, clock: Clock = SYSTEM_CLOCK) {
    this.#bits = bits;
    this.#clock = clock;
  }

  /** Lets a viewer count double until this wall time, milliseconds since the Unix epoch. */
  prioritise(id: string, until: number): void {
    this.#priorities.set(id, this.#clock.monotonic() + until - this.#clock.wall());
  }

  /** Leaves this many bits a second to sound, and to the pictures of programs. */
  reserve(bits: number): void {
    this.#reserved = bits;
  }

  /** Gives each session its share. */
  divide(sessions: readonly Session[]): void {
    const now = this.#clock.monotonic();
    for (const [id, until] of this.#priorities) if (until <= now) this.#priorities.delete(id);
    if (this.#bits === null) return;
    const sharers = sessions.map(({ id, traffic: { demand } }) => ({
      demand,
      weight: id !== null && this.#priorities.has(id) ? 2 : 1,
    }));
    const bits = besideSound(this.#bits, this.#reserved);
    maxMinShares(bits, sharers).forEach((share, i) => sessions[i].traffic.share = share);
  }
}
