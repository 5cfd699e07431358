import { channelsOf, OPUS_RATE, samplesOf, silence } from "../../media/opus.ts";
import type { SoundPacket } from "../../media/packet.ts";
import { ProgramTimeline } from "../video/program_timeline.ts";
import type { Passage, RecordedPicture } from "./passage.ts";

/** A picture with its place in a file. Milliseconds from the file's beginning. */
export interface PlacedPicture {
  /** The picture. */
  readonly picture: RecordedPicture;
  /** When it is due. */
  readonly time: number;
  /** How long it lasts. */
  readonly duration: number;
}

/** A packet of sound with its place in a file. Samples at 48 kHz. */
export interface PlacedSound {
  /** The Opus packet. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** When its first sample is due. */
  readonly time: number;
  /** How long it lasts. */
  readonly duration: number;
}

/** A passage with its place in a file. */
export interface PlacedPassage {
  /** Its pictures. */
  readonly pictures: readonly PlacedPicture[];
  /** Its sound, which follows the sound before it without a gap. */
  readonly sound: readonly PlacedSound[];
  /** When its last picture ends. Milliseconds. */
  readonly end: number;
}

/** Sound this far from where the last one ended follows it all the same: clocks jitter. Samples. */
const TOLERANCE = 60 * OPUS_RATE / 1_000;

/** What fills a gap in the sound. Samples. */
const SILENCE_SAMPLES = 960;

/** Of one file: more silence than this is a clock that was set. Samples. */
const MAX_SILENCE = 700 * OPUS_RATE;

/**
 * Gives the passages of one file their times. Gaps in the sound are filled with silence, as players agree about
 * nothing else there.
 */
export class PassageTimes {
  readonly #timeline = new ProgramTimeline();
  readonly #hasSound: boolean;
  /** Where the passage before ended. */
  #end: { readonly at: number; readonly time: number } | null = null;
  #soundEnd = 0;
  #channels: 1 | 2 = 2;

  /** Begins a file. */
  constructor({ hasSound }: { readonly hasSound: boolean }) {
    this.#hasSound = hasSound;
  }

  /** Places the next passage. */
  place({ pictures, sound, to }: Passage): PlacedPassage {
    const times = pictures.map(({ at }, index) =>
      index === 0 && this.#end?.at === at ? this.#end.time : this.#timeline.video(at)
    );
    const end = this.#timeline.video(to);
    this.#end = { at: to, time: end };
    return {
      pictures: pictures.map((picture, index) => ({
        picture,
        time: times[index],
        duration: (times[index + 1] ?? end) - times[index],
      })),
      sound: this.#hasSound ? this.#placeSound(sound, end) : [],
      end,
    };
  }

  #placeSound(packets: readonly SoundPacket[], end: number): PlacedSound[] {
    const placed: PlacedSound[] = [];
    const add = (data: Uint8Array<ArrayBuffer>, duration: number) => {
      placed.push({ data, time: this.#soundEnd, duration });
      this.#soundEnd += duration;
    };
    const fillUntil = (time: number) => {
      const gap = Math.min(time - this.#soundEnd, MAX_SILENCE);
      for (let count = Math.floor(gap / SILENCE_SAMPLES); count > 0; count--) {
        add(silence(this.#channels), SILENCE_SAMPLES);
      }
    };
    for (const { at, data } of packets) {
      const duration = samplesOf(data);
      if (duration === 0) continue;
      this.#channels = channelsOf(data);
      const due = Math.round(this.#timeline.timeOf(at) * OPUS_RATE / 1_000);
      if (due < this.#soundEnd - TOLERANCE) continue;
      if (due > this.#soundEnd + TOLERANCE) fillUntil(due);
      add(data, duration);
    }
    // What may still come for this time is no older than the tolerance.
    const until = Math.round(end * OPUS_RATE / 1_000) - TOLERANCE - SILENCE_SAMPLES;
    if (packets.length === 0) fillUntil(until);
    return placed;
  }
}
