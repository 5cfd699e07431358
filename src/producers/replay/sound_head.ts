import type { Clock } from "../../clock.ts";
import type { SoundPacket } from "../../media/packet.ts";
import type { Past } from "../../streams/past.ts";

/**
 * How much earlier than its picture sound is given, as pages buffer it: they play both in step. With 100 it came about 90
 * late in Chromium. Milliseconds.
 */
export const LEAD_MS = 250;

/** Where the position differs by more than this from where the sound is, it has jumped. Milliseconds. */
const JUMP_MS = 250;

/** Gives the sound of the past that belongs to a position which moves at normal speed. */
export class SoundHead {
  readonly #past: Pick<Past, "sound">;
  readonly #target: { publish(packet: SoundPacket): void };
  readonly #clock: Pick<Clock, "wall">;
  /** All sound before this was given; `null` while it does not play. */
  #givenTo: number | null = null;

  /**
   * Gives nothing yet.
   *
   * @param target Takes the packets.
   */
  constructor(
    past: Pick<Past, "sound">,
    target: { publish(packet: SoundPacket): void },
    clock: Pick<Clock, "wall">,
  ) {
    this.#past = past;
    this.#target = target;
    this.#clock = clock;
  }

  /** Gives what is due at a position: a wall time, milliseconds since the Unix epoch. */
  play(position: number): void {
    const to = position + LEAD_MS;
    const goesOn = this.#givenTo !== null && Math.abs(this.#givenTo - to) < JUMP_MS;
    const from = goesOn ? this.#givenTo! : position;
    if (from >= to) return;
    this.#givenTo = to;
    const later = this.#clock.wall() - position;
    for (const packet of this.#past.sound(from, to)) {
      this.#target.publish({ ...packet, due: packet.at + later });
    }
  }

  /** Begins anew with the next position. */
  pause(): void {
    this.#givenTo = null;
  }
}
