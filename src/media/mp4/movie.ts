import { concat } from "../jpeg/concat.ts";
import { ascii, box, fullBox, u32 } from "./box.ts";
import type { SampleEntry } from "./sample_entry.ts";
import { type MovieSample, sampleTables } from "./sample_tables.ts";
import { MOVIE_TIMESCALE, movieHeader, trackBox } from "./track_box.ts";

/** A track of a movie. */
export interface MovieTrack {
  /** How its samples are encoded. */
  readonly entry: SampleEntry;
  /** In the order in which they play; at least one. */
  readonly samples: readonly MovieSample[];
  /**
   * When the first sample begins to play, in milliseconds from the movie's beginning. What lies before that
   * beginning, as an encoder's priming does, is decoded and not played.
   */
  readonly start: number;
}

/** Plays at the usual rate, 16.16 fixed point. */
const NORMAL_RATE = 0x10000;

/** Of an edit: nothing is played. */
const EMPTY = 0xffffffff;

const MAX_U32 = 2 ** 32 - 1;

/** Bytes of {@linkcode mediaHead}. */
export const MEDIA_HEAD_BYTES = 8;

/** Encodes `ftyp`, with which a file of a movie begins (ISO/IEC 14496-12 section 4.3). */
export function encodeFileType(): Uint8Array<ArrayBuffer> {
  return box("ftyp", ascii("isom"), u32(512), ascii("isomiso2avc1mp41"));
}

/**
 * Encodes the head of an `mdat`, which samples follow.
 *
 * @param bytes Length of all these samples: below 4 GiB.
 */
export function mediaHead(bytes: number): Uint8Array<ArrayBuffer> {
  const length = MEDIA_HEAD_BYTES + bytes;
  if (length > MAX_U32) throw new RangeError(`Too many bytes for one mdat: ${bytes}`);
  return concat(u32(length), ascii("mdat"));
}

/**
 * Encodes the `moov` of a movie without fragments (ISO/IEC 14496-12 section 8.2.1), which may stand behind
 * the samples: a file is `ftyp`, any number of `mdat`, and this.
 *
 * @throws {RangeError} A track has no samples, or plays for longer than 32 bits can say: 13 hours.
 */
export function encodeMovie(tracks: readonly MovieTrack[]): Uint8Array<ArrayBuffer> {
  const described = tracks.map(({ entry, samples, start }, index) => {
    if (samples.length === 0) throw new RangeError("A track has no samples");
    const mediaDuration = samples.reduce((sum, { duration }) => sum + duration, 0);
    if (mediaDuration > MAX_U32) throw new RangeError(`A track is too long: ${mediaDuration}`);
    const skipped = Math.min(mediaDuration, toUnits(Math.max(0, -start), entry));
    const delay = Math.round(Math.max(0, start));
    const played = toMovieUnits(mediaDuration - skipped, entry);
    return {
      id: index + 1,
      entry,
      duration: delay + played,
      mediaDuration,
      edits: delay === 0 && skipped === 0 ? [] : [editBox(delay, played, skipped)],
      tables: sampleTables(samples),
    };
  });
  const duration = Math.max(0, ...described.map((track) => track.duration));
  return box("moov", movieHeader(duration, tracks.length + 1), ...described.map(trackBox));
}

/** Encodes `edts` (ISO/IEC 14496-12 section 8.6.5): nothing for a while, then the samples but the first ones. */
function editBox(delay: number, played: number, skipped: number): Uint8Array {
  const edits = [...delay > 0 ? [[delay, EMPTY, NORMAL_RATE]] : [], [played, skipped, NORMAL_RATE]];
  return box("edts", fullBox("elst", {}, u32(edits.length, ...edits.flat())));
}

function toUnits(milliseconds: number, { timescale }: SampleEntry): number {
  return Math.round(milliseconds * timescale / 1000);
}

function toMovieUnits(duration: number, { timescale }: SampleEntry): number {
  return Math.round(duration * MOVIE_TIMESCALE / timescale);
}
