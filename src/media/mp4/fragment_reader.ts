import { findBox } from "./box_reader.ts";
import { type Mp4Track, TRACK_ID } from "./initialization.ts";

/** A sample that a fragment describes. */
export interface DescribedSample {
  /** How long it lasts, in units of its track's time. */
  readonly duration: number;
  /** How long it is. */
  readonly bytes: number;
  /** Whether a decoder may begin with it. */
  readonly isKey: boolean;
}

/** What a `moof` of ours says. */
export interface DescribedFragment {
  /** Which track it is of. */
  readonly track: Mp4Track;
  /** When its first sample is due, in units of the track's time. */
  readonly time: number;
  /** Where its first sample begins, from the beginning of the `moof`. */
  readonly dataOffset: number;
  /** Its samples, which stand one after another. */
  readonly samples: readonly DescribedSample[];
}

/** Bytes of a sample's row in `trun`: duration, size and flags. */
const ROW_BYTES = 12;

/** Version and flags of a full box. */
const FULL_BYTES = 4;

/** `sample_is_non_sync_sample` (ISO/IEC 14496-12 section 8.8.3.1). */
const NOT_SYNC = 0x10000;

/** Reads a `moof` as `encodeFragment` writes it; returns `null` for anything else. */
export function readFragment(moof: Uint8Array): DescribedFragment | null {
  const view = new DataView(moof.buffer, moof.byteOffset, moof.length);
  const [header, decodeTime, run] = ["tfhd", "tfdt", "trun"].map((type) =>
    findBox(moof, "moof", "traf", type)
  );
  if (!header || !decodeTime || !run) return null;
  if (header.end - header.contents < 8 || decodeTime.end - decodeTime.contents < 12) return null;
  const id = view.getUint32(header.contents + FULL_BYTES);
  const track = (["video", "sound"] as const).find((one) => TRACK_ID[one] === id);
  const rows = run.contents + FULL_BYTES + 8;
  if (track === undefined || rows > run.end) return null;
  const count = view.getUint32(run.contents + FULL_BYTES);
  if (rows + count * ROW_BYTES !== run.end) return null;
  const at = decodeTime.contents + FULL_BYTES;
  return {
    track,
    time: view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4),
    dataOffset: view.getUint32(run.contents + FULL_BYTES + 4),
    samples: Array.from({ length: count }, (_, index) => {
      const row = rows + index * ROW_BYTES;
      return {
        duration: view.getUint32(row),
        bytes: view.getUint32(row + 4),
        isKey: (view.getUint32(row + 8) & NOT_SYNC) === 0,
      };
    }),
  };
}
