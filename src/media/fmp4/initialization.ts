import { concat } from "../jpeg/concat.ts";
import { OPUS_RATE } from "../opus.ts";
import type { VideoConfiguration } from "../packet.ts";
import { ascii, box, fullBox, u16, u32 } from "./box.ts";

/** The track of a file or fragment. */
export type Mp4Track = "video" | "sound";

/** Numbers of the tracks. */
export const TRACK_ID: Readonly<Record<Mp4Track, number>> = { video: 1, sound: 2 };

/** Units a second in which times and durations of a track are given. */
export const TIMESCALE: Readonly<Record<Mp4Track, number>> = { video: 90_000, sound: OPUS_RATE };

const MOVIE_TIMESCALE = 1_000;

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

/** Opus in two channels: players decode packets of one channel to both. */
const CHANNELS = 2;
const SAMPLE_BITS = 16;

/** 72 dots an inch, 16.16 fixed point. */
const RESOLUTION = 0x480000;

/**
 * Encodes what a fragmented MP4 begins with, and MediaSource takes first: `ftyp` and `moov` (ISO/IEC
 * 14496-12), with a track of H.264 (`avc1`, ISO/IEC 14496-15) and, if wanted, one of Opus.
 */
export function encodeInitialization(
  video: VideoConfiguration,
  { hasSound }: { readonly hasSound: boolean },
): Uint8Array<ArrayBuffer> {
  const tracks: readonly Mp4Track[] = hasSound ? ["video", "sound"] : ["video"];
  const entries = { video: () => avc1(video), sound: opus };
  const extensions = tracks.map((track) => fullBox("trex", {}, u32(TRACK_ID[track], 1, 0, 0, 0)));
  return concat(
    box("ftyp", ascii("iso5"), u32(512), ascii("iso5iso6mp41")),
    box(
      "moov",
      movieHeader(tracks.length + 1),
      ...tracks.map((track) => trackBox(track, video, entries[track]())),
      box("mvex", ...extensions),
    ),
  );
}

function movieHeader(nextTrack: number): Uint8Array {
  return fullBox(
    "mvhd",
    {},
    u32(0, 0, MOVIE_TIMESCALE, 0, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    MATRIX,
    new Uint8Array(24),
    u32(nextTrack),
  );
}

function trackBox(
  track: Mp4Track,
  { width, height }: VideoConfiguration,
  entry: Uint8Array,
): Uint8Array {
  const isVideo = track === "video";
  const header = fullBox(
    "tkhd",
    { flags: TRACK_FLAGS },
    u32(0, 0, TRACK_ID[track], 0, 0, 0, 0),
    u16(0, 0, isVideo ? 0 : 0x100, 0),
    MATRIX,
    u32(...isVideo ? [width * 0x10000, height * 0x10000] : [0, 0]),
  );
  const [handler, name] = HANDLERS[track];
  const mediaHeader = isVideo
    ? fullBox("vmhd", { flags: 1 }, u16(0, 0, 0, 0))
    : fullBox("smhd", {}, u16(0, 0));
  return box(
    "trak",
    header,
    box(
      "mdia",
      fullBox("mdhd", {}, u32(0, 0, TIMESCALE[track], 0), u16(LANGUAGE_UND, 0)),
      fullBox("hdlr", {}, u32(0), ascii(handler), u32(0, 0, 0), ascii(`${name}\0`)),
      box(
        "minf",
        mediaHeader,
        box("dinf", fullBox("dref", {}, u32(1), fullBox("url ", { flags: SELF_CONTAINED }))),
        sampleTable(entry),
      ),
    ),
  );
}

/** Describes the samples, of which there is none outside of fragments. */
function sampleTable(entry: Uint8Array): Uint8Array {
  return box(
    "stbl",
    fullBox("stsd", {}, u32(1), entry),
    fullBox("stts", {}, u32(0)),
    fullBox("stsc", {}, u32(0)),
    fullBox("stsz", {}, u32(0, 0)),
    fullBox("stco", {}, u32(0)),
  );
}

function avc1({ record, width, height }: VideoConfiguration): Uint8Array {
  return box(
    "avc1",
    u16(0, 0, 0, 1),
    new Uint8Array(16),
    u16(width, height),
    u32(RESOLUTION, RESOLUTION, 0),
    u16(1),
    new Uint8Array(32),
    u16(0x18, 0xffff),
    box("avcC", record),
  );
}

/** See "Encapsulation of Opus in ISO Base Media File Format", section 4.3. */
function opus(): Uint8Array {
  const version = 0;
  const description = concat(
    Uint8Array.of(version, CHANNELS),
    u16(0),
    u32(OPUS_RATE),
    u16(0),
    Uint8Array.of(0),
  );
  return box(
    "Opus",
    u16(0, 0, 0, 1),
    u32(0, 0),
    u16(CHANNELS, SAMPLE_BITS, 0, 0),
    u32(OPUS_RATE * 0x10000),
    box("dOps", description),
  );
}
