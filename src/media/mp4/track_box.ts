import { ascii, box, fullBox, u16, u32 } from "./box.ts";
import type { SampleEntry } from "./sample_entry.ts";

/** Units a second in which a movie's and an edit's durations are given. */
export const MOVIE_TIMESCALE = 1_000;

/** Rows of the matrix that changes nothing, 16.16 and 2.30 fixed point. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** The handlers and names of the tracks. */
const HANDLERS = { video: ["vide", "Video"], sound: ["soun", "Sound"] } as const;

/** Undetermined (ISO 639-2), five bits a letter. */
const LANGUAGE_UND = 0x55c4;

/** Enabled, and part of the presentation. */
const TRACK_FLAGS = 3;

/** The data is in this file. */
const SELF_CONTAINED = 1;

/** What a track is described by. */
export interface TrackDescription {
  /** Its number, from 1 on. */
  readonly id: number;
  /** How its samples are encoded. */
  readonly entry: SampleEntry;
  /** How long it plays, in units of the movie; 0 if its samples are in fragments. */
  readonly duration: number;
  /** How long its samples last, in units of the track; 0 if they are in fragments. */
  readonly mediaDuration: number;
  /** `edts`, if there is an edit list. */
  readonly edits: readonly Uint8Array[];
  /** The tables of `stbl`, behind `stsd`. */
  readonly tables: readonly Uint8Array[];
}

/**
 * Encodes `mvhd` (ISO/IEC 14496-12 section 8.2.2).
 *
 * @param duration Of the longest track, in units of the movie; 0 if the samples are in fragments.
 */
export function movieHeader(duration: number, nextTrack: number): Uint8Array<ArrayBuffer> {
  return fullBox(
    "mvhd",
    {},
    u32(0, 0, MOVIE_TIMESCALE, duration, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    MATRIX,
    new Uint8Array(24),
    u32(nextTrack),
  );
}

/** Encodes `trak` (ISO/IEC 14496-12 section 8.3.1). */
export function trackBox(track: TrackDescription): Uint8Array<ArrayBuffer> {
  const { id, entry, duration, mediaDuration, edits, tables } = track;
  const { kind, timescale, width, height } = entry;
  const isVideo = kind === "video";
  const header = fullBox(
    "tkhd",
    { flags: TRACK_FLAGS },
    u32(0, 0, id, 0, duration, 0, 0),
    u16(0, 0, isVideo ? 0 : 0x100, 0),
    MATRIX,
    u32(width * 0x10000, height * 0x10000),
  );
  const [handler, name] = HANDLERS[kind];
  const mediaHeader = isVideo
    ? fullBox("vmhd", { flags: 1 }, u16(0, 0, 0, 0))
    : fullBox("smhd", {}, u16(0, 0));
  return box(
    "trak",
    header,
    ...edits,
    box(
      "mdia",
      fullBox("mdhd", {}, u32(0, 0, timescale, mediaDuration), u16(LANGUAGE_UND, 0)),
      fullBox("hdlr", {}, u32(0), ascii(handler), u32(0, 0, 0), ascii(`${name}\0`)),
      box(
        "minf",
        mediaHeader,
        box("dinf", fullBox("dref", {}, u32(1), fullBox("url ", { flags: SELF_CONTAINED }))),
        box("stbl", fullBox("stsd", {}, u32(1), entry.box), ...tables),
      ),
    ),
  );
}
