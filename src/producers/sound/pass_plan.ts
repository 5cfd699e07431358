import type { OggPacket } from "../../media/ogg/reader.ts";
import { OPUS_RATE } from "../../media/opus.ts";
import type { PlaybackClock } from "./playback_clock.ts";

/** How long a packet plays. Milliseconds. */
const PACKET_MS = 20;

const SAMPLES_A_MS = OPUS_RATE / 1_000;

/** Plans which part of a file a run of ffmpeg encodes, so that packets follow one another without a gap. */
export class PassPlan {
  /** Where in the file the sound begins; up to 27 ms before it at the beginning of a loop. Milliseconds. */
  readonly position: number;
  /** When its first packet plays. Monotonic clock, milliseconds. */
  readonly start: number;
  readonly #leadIn: number;
  /** When the packets of the next loop begin. */
  readonly end: number;

  /**
   * Plans the packets from a time on, to the end of the loop.
   *
   * @param start When the first packet plays.
   * @param leadIn How much of it comes before the sound, which is the encoder's delay. Milliseconds.
   */
  constructor(clock: PlaybackClock, start: number, leadIn: number) {
    const { loop, position } = clock.positionAt(start + leadIn);
    const next = clock.timeOf({ loop: loop + 1, position: 0 });
    // The beginning of a loop is worth more than the last few milliseconds of the one before.
    const whole = Math.floor((next - leadIn - start) / PACKET_MS);
    this.start = start;
    this.#leadIn = leadIn;
    if (whole > 0) {
      this.position = position;
      this.end = start + whole * PACKET_MS;
    } else {
      this.position = start + leadIn - next;
      const after = clock.timeOf({ loop: loop + 2, position: 0 });
      this.end = start + Math.floor((after - leadIn - start) / PACKET_MS) * PACKET_MS;
    }
  }

  /** How much sound the run has to encode. Milliseconds. */
  get duration(): number {
    return this.end - this.start + PACKET_MS;
  }

  /** Returns when a packet of the run plays. */
  timeOf({ granule, samples, head }: OggPacket): number {
    return this.start + this.#leadIn + (granule - samples - head.preSkip) / SAMPLES_A_MS;
  }

  /** Returns whether no packet is left that begins at a time, give or take a rounding error. */
  isOver(time: number): boolean {
    return time > this.end - PACKET_MS / 2;
  }
}
