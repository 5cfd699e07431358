import { concat } from "../../media/jpeg/concat.ts";
import { encodeFragment } from "../../media/mp4/fragment.ts";
import { encodeInitialization, type Mp4Track, TIMESCALE } from "../../media/mp4/initialization.ts";
import { TsWriter } from "../../media/mpeg_ts/writer.ts";
import { OPUS_RATE, samplesOf } from "../../media/opus.ts";
import type { VideoPacket } from "../../media/packet.ts";

/** One packet on its way to a program. Times are milliseconds since the first picture. */
export type ProgramUnit =
  & {
    /** When it is due. */
    readonly time: number;
    /** When it came. */
    readonly now: number;
  }
  & ({
    /** The picture track. */
    readonly track: "video";
    /** The access unit. */
    readonly packet: VideoPacket;
  } | {
    /** The sound track. */
    readonly track: "sound";
    /** An Opus packet or MP3 frame. */
    readonly data: Uint8Array<ArrayBuffer>;
  });

/** Writes the response to one program. */
export interface ProgramMuxer {
  /** Whether the encoding of the picture may change in the middle. */
  readonly canChange: boolean;
  /** Returns the bytes of a unit. The first one must be a key picture. */
  write(unit: ProgramUnit): Uint8Array<ArrayBuffer>;
}

/** Whether there is sound. */
export interface MuxerOptions {
  /** Whether there will be sound. */
  readonly hasSound: boolean;
}

/** How long the first picture lasts, as nobody knows when the next one comes. Milliseconds. */
const FIRST_DURATION_MS = 33;

/** Cards come once a second; a longer pause is not repeated. Milliseconds. */
const MAX_DURATION_MS = 1_000;

/**
 * Writes fragmented MP4 with Opus. Each packet is a fragment, so that none waits for another: that costs 100
 * bytes each, 40 kbit/s for the sound.
 */
export class Mp4Muxer implements ProgramMuxer {
  readonly canChange = false;
  readonly #hasSound: boolean;
  #sequence = 0;
  #videoTime: number | null = null;

  /** Begins a response. */
  constructor({ hasSound }: MuxerOptions) {
    this.#hasSound = hasSound;
  }

  write(unit: ProgramUnit): Uint8Array<ArrayBuffer> {
    if (unit.track === "sound") {
      const duration = samplesOf(unit.data) * TIMESCALE.sound / OPUS_RATE;
      return this.#fragment("sound", unit.time, { data: unit.data, duration, isKey: true });
    }
    const { packet: { data, isKey, configuration }, time } = unit;
    const isFirst = this.#videoTime === null;
    // The next one says when it is due, so only a player that shows the last picture longer notices.
    const duration = isFirst ? FIRST_DURATION_MS : time - this.#videoTime!;
    this.#videoTime = time;
    const fragment = this.#fragment("video", time, {
      data,
      duration: inUnits("video", Math.min(duration, MAX_DURATION_MS)),
      isKey,
    });
    if (!isFirst) return fragment;
    return concat(encodeInitialization(configuration, { hasSound: this.#hasSound }), fragment);
  }

  #fragment(
    track: Mp4Track,
    time: number,
    sample: { readonly data: Uint8Array; readonly duration: number; readonly isKey: boolean },
  ): Uint8Array<ArrayBuffer> {
    const sequence = ++this.#sequence;
    return encodeFragment({ sequence, track, time: inUnits(track, time), samples: [sample] });
  }
}

/** Writes MPEG-TS with MP3. */
export class TsMuxer implements ProgramMuxer {
  readonly canChange = true;
  readonly #writer: TsWriter;

  /** Begins a response. */
  constructor(options: MuxerOptions) {
    this.#writer = new TsWriter(options);
  }

  write(unit: ProgramUnit): Uint8Array<ArrayBuffer> {
    return unit.track === "sound"
      ? this.#writer.sound(unit.data, unit)
      : this.#writer.video(unit.packet, unit);
  }
}

function inUnits(track: Mp4Track, milliseconds: number): number {
  return Math.round(milliseconds * TIMESCALE[track] / 1_000);
}
