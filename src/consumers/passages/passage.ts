import { parameterSetsOf } from "../../media/h264/parameter_sets.ts";
import { decodingKey } from "../../media/h264/sequence_parameters.ts";
import type { SoundPacket, VideoConfiguration } from "../../media/packet.ts";

/** Where the level is in a configuration record. A decoder chosen for a low one may refuse a higher one. */
const LEVEL_AT = 3;

/** A picture that is recorded or published: a JPEG, or an access unit of H.264. */
export interface RecordedPicture {
  /** Wall time when it was captured. */
  readonly at: number;
  /** The encoded bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether a decoder may begin with it. */
  readonly isKey: boolean;
}

/** How the pictures of a passage are encoded. */
export type PictureFormat = VideoConfiguration | {
  readonly width: number;
  readonly height: number;
};

/** About a second of what is recorded: pictures from a key on, and the sound of that time. */
export interface Passage {
  /** How all its pictures are encoded. */
  readonly format: PictureFormat;
  /** At least one; the first is a key. */
  readonly pictures: readonly RecordedPicture[];
  /** Packets that begin before `to`, and that no passage before had. */
  readonly sound: readonly SoundPacket[];
  /** Wall time when its last picture ends: where the next passage begins, unless something is missing. */
  readonly to: number;
}

/** Returns how many bytes a passage holds. */
export function bytesOf({ pictures, sound }: Passage): number {
  return [...pictures, ...sound].reduce((sum, { data }) => sum + data.length, 0);
}

/**
 * Returns whether a file of one format can go on with another. An encoder that is started again for another frame
 * rate says so in its parameters, by which no picture is decoded differently.
 */
export function canFollow(one: PictureFormat, other: PictureFormat): boolean {
  if (one === other) return true;
  if (one.width !== other.width || one.height !== other.height) return false;
  if (!("record" in one) || !("record" in other)) return "record" in one === "record" in other;
  const isSame = one.record.length === other.record.length &&
    one.record.every((byte, index) => byte === other.record[index]);
  return isSame || other.record[LEVEL_AT] <= one.record[LEVEL_AT] &&
      parametersOf(one.record) === parametersOf(other.record);
}

/** Returns what pictures are decoded by, to be compared; the record itself if that cannot be read. */
function parametersOf(record: Uint8Array): string {
  try {
    const { sps, pps } = parameterSetsOf(record);
    return [...sps.map(decodingKey), ...pps.map(String)].join("\n");
  } catch {
    return String(record);
  }
}
