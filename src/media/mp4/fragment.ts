import { concat } from "../jpeg/concat.ts";
import { box, fullBox, u32, u64 } from "./box.ts";
import { type Mp4Track, TRACK_ID } from "./initialization.ts";

/** One sample of a track: an access unit, an Opus packet. */
export interface Mp4Sample {
  /** The encoded bytes: of H.264, NAL units each behind four bytes of length. */
  readonly data: Uint8Array;
  /** How long it lasts, in units of its track's time. */
  readonly duration: number;
  /** Whether a decoder may begin with it. */
  readonly isKey: boolean;
}

/** Some samples of one track, which follow one another. */
export interface Mp4Fragment {
  /** Counts up from 1 over the fragments of a file. */
  readonly sequence: number;
  /** Which track they are of. */
  readonly track: Mp4Track;
  /** When the first one is due: whole units of the track's time. */
  readonly time: number;
  /** At least one. */
  readonly samples: readonly Mp4Sample[];
}

/** Offsets count from the `moof`. */
const DEFAULT_BASE_IS_MOOF = 0x20000;

/** There are: offset of the data; duration, size and flags of each sample. */
const RUN_FLAGS = 0x1 | 0x100 | 0x200 | 0x400;

/** `sample_depends_on` and `sample_is_non_sync_sample` (ISO/IEC 14496-12 section 8.8.3.1). */
const KEY = 0x2000000;
const DELTA = 0x1010000;

/** Bytes of the head of `mdat`. */
const HEAD_BYTES = 8;

/** Encodes a fragment: `moof` and `mdat` (ISO/IEC 14496-12 section 8.8). */
export function encodeFragment(
  { sequence, track, time, samples }: Mp4Fragment,
): Uint8Array<ArrayBuffer> {
  const rows = samples.flatMap((
    { data, duration, isKey },
  ) => [duration, data.length, isKey ? KEY : DELTA]);
  const header = (dataOffset: number) =>
    box(
      "moof",
      fullBox("mfhd", {}, u32(sequence)),
      box(
        "traf",
        fullBox("tfhd", { flags: DEFAULT_BASE_IS_MOOF }, u32(TRACK_ID[track])),
        fullBox("tfdt", { version: 1 }, u64(time)),
        fullBox("trun", { flags: RUN_FLAGS }, u32(samples.length, dataOffset, ...rows)),
      ),
    );
  const { length } = header(0);
  return concat(header(length + HEAD_BYTES), box("mdat", ...samples.map(({ data }) => data)));
}
