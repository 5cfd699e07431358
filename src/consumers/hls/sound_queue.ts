import { TIMESCALE } from "../../media/mp4/initialization.ts";
import type { AacPacket } from "../../streams/aac.ts";
import { AAC_SAMPLES, type TimedSound } from "./part_encoder.ts";

/** Sound this far from where the last one ended follows it all the same: clocks jitter. Samples. */
const TOLERANCE = 60 * TIMESCALE.sound / 1_000;

/** Sound that no picture comes to is forgotten after this: four seconds. */
const MAX_PACKETS = 200;

/** The sound of a rendition that has not been given yet. */
export class SoundQueue {
  #packets: TimedSound[] = [];
  #end: number | null = null;

  /** When the newest packet ends. Milliseconds of media; `-Infinity` if none has come. */
  get end(): number {
    return this.#end === null ? -Infinity : this.#end * 1_000 / TIMESCALE.sound;
  }

  /** Adds a packet, which is due at this time of media in milliseconds. */
  add({ data }: Pick<AacPacket, "data">, milliseconds: number): void {
    const due = Math.round(milliseconds * TIMESCALE.sound / 1_000);
    const end = this.#end;
    const isNext = end !== null && Math.abs(due - end) <= TOLERANCE;
    if (end !== null && !isNext && due < end && due > end - TIMESCALE.sound) return;
    const time = isNext ? end : due;
    this.#packets.push({ data, time });
    if (this.#packets.length > MAX_PACKETS) this.#packets.shift();
    this.#end = time + AAC_SAMPLES;
  }

  /** Takes the packets that begin before a time of media in milliseconds. */
  takeUntil(milliseconds: number): readonly TimedSound[] {
    const until = milliseconds * TIMESCALE.sound / 1_000;
    const taken = this.#packets.filter(({ time }) => time < until);
    this.#packets = this.#packets.filter(({ time }) => time >= until);
    return taken;
  }

  /** Forgets everything. */
  clear(): void {
    this.#packets = [];
    this.#end = null;
  }
}
