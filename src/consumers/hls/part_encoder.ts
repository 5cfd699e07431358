import { concat } from "../../media/jpeg/concat.ts";
import { encodeFragment, type Mp4Sample } from "../../media/mp4/fragment.ts";
import { encodeInitialization, TIMESCALE } from "../../media/mp4/initialization.ts";
import { mp4a } from "../../media/mp4/sample_entry.ts";
import type { VideoConfiguration } from "../../media/packet.ts";
import { AAC_CONFIGURATION } from "../../streams/aac.ts";
import type { RecordedPicture } from "../passages/passage.ts";
import type { HlsInitialization } from "./segment.ts";

/** Samples of a packet of AAC. */
export const AAC_SAMPLES = 1_024;

/** As RFC 6381 names AAC-LC. */
const AAC_CODEC = "mp4a.40.2";

/** A picture at its time of media. */
export interface TimedPicture {
  /** The picture. */
  readonly picture: RecordedPicture;
  /** Milliseconds. */
  readonly time: number;
}

/** A packet of AAC at its time of media. */
export interface TimedSound {
  /** The encoded bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** When its first sample is due. Samples. */
  readonly time: number;
}

/** What a part consists of. */
export interface PartContents {
  /** At least one. */
  readonly pictures: readonly TimedPicture[];
  /** When the last picture ends. Milliseconds. */
  readonly end: number;
  /** In order. */
  readonly sound: readonly TimedSound[];
}

/** Returns what players need before the first part. */
export function initializationOf(video: VideoConfiguration, hasSound: boolean): HlsInitialization {
  const sound = mp4a({ record: AAC_CONFIGURATION, rate: TIMESCALE.sound, channels: 2 });
  return {
    data: encodeInitialization(video, { hasSound, sound }),
    codecs: hasSound ? `${video.codec},${AAC_CODEC}` : video.codec,
    width: video.width,
    height: video.height,
  };
}

/** Encodes parts as fragments of MP4. */
export class PartEncoder {
  #sequence = 0;

  /** Encodes a part: one fragment of pictures, and one of each run of sound without a hole. */
  encode({ pictures, end, sound }: PartContents): Uint8Array<ArrayBuffer> {
    const units = (milliseconds: number) => Math.round(milliseconds * TIMESCALE.video / 1_000);
    const times = [...pictures.map(({ time }) => time), end].map(units);
    const video = encodeFragment({
      ...{ sequence: ++this.#sequence, track: "video", time: times[0] },
      samples: pictures.map(({ picture: { data, isKey } }, index): Mp4Sample => ({
        ...{ data, isKey, duration: times[index + 1] - times[index] },
      })),
    });
    const fragments = runsOf(sound).map((run) =>
      encodeFragment({
        ...{ sequence: ++this.#sequence, track: "sound", time: run[0].time },
        samples: run.map(({ data }) => ({ data, duration: AAC_SAMPLES, isKey: true })),
      })
    );
    return concat(video, ...fragments);
  }
}

/** Splits sound where it does not go on. */
function runsOf(sound: readonly TimedSound[]): TimedSound[][] {
  const runs: TimedSound[][] = [];
  let end = -1;
  for (const packet of sound) {
    if (packet.time === end) runs.at(-1)!.push(packet);
    else runs.push([packet]);
    end = packet.time + AAC_SAMPLES;
  }
  return runs;
}
