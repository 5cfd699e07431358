import { concat } from "../../media/jpeg/concat.ts";
import { box } from "../../media/mp4/box.ts";
import { readBoxHead } from "../../media/mp4/box_reader.ts";
import { encodeFragment, type Mp4Sample } from "../../media/mp4/fragment.ts";
import { encodeInitialization, TIMESCALE } from "../../media/mp4/initialization.ts";
import type { VideoConfiguration } from "../../media/packet.ts";
import type { Passage } from "../passages/passage.ts";
import { PassageTimes } from "../passages/passage_times.ts";
import type { SegmentMuxer, SegmentStart } from "./segment_muxer.ts";

/**
 * Bytes of the box behind `ftyp`, `free` until the file is finished: there is room for the head of an `mdat`
 * with 64 bits of length.
 */
export const PLACEHOLDER_BYTES = 16;

const HEAD_BYTES = 8;

/** Writes fragmented MP4: a fragment of each track for each passage. */
export class Mp4Muxer implements SegmentMuxer {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly #times: PassageTimes;
  #sequence = 0;
  #duration = 0;

  /** Begins a file. */
  constructor({ format, hasSound }: SegmentStart) {
    const initialization = encodeInitialization(format as VideoConfiguration, { hasSound });
    const { end } = readBoxHead(initialization, 0)!;
    this.head = concat(
      initialization.subarray(0, end),
      box("free", new Uint8Array(PLACEHOLDER_BYTES - HEAD_BYTES)),
      initialization.subarray(end),
    );
    this.#times = new PassageTimes({ hasSound });
  }

  get duration(): number {
    return this.#duration;
  }

  write(passage: Passage): Uint8Array<ArrayBuffer> {
    const { pictures, sound, end } = this.#times.place(passage);
    this.#duration = end;
    const { video: units } = TIMESCALE;
    const time = (milliseconds: number) => Math.round(milliseconds * units / 1_000);
    const videoSamples = pictures.map(({ picture: { data, isKey }, ...placed }): Mp4Sample => ({
      data,
      isKey,
      duration: time(placed.time + placed.duration) - time(placed.time),
    }));
    const video = encodeFragment({
      ...{ sequence: ++this.#sequence, track: "video", time: time(pictures[0].time) },
      samples: videoSamples,
    });
    if (sound.length === 0) return video;
    const soundSamples = sound.map(({ data, duration }) => ({ data, duration, isKey: true }));
    return concat(
      video,
      encodeFragment({
        ...{ sequence: ++this.#sequence, track: "sound", time: sound[0].time },
        samples: soundSamples,
      }),
    );
  }
}
