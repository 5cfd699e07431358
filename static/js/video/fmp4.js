/*
 * Writes fragmented MP4 (ISO/IEC 14496-12 and 14496-15) with one track of H.264 and one sample a fragment, as MediaSource
 * takes it. These are the bytes that src/media/mp4 writes: pages cannot load that.
 */

/** Units a second of all times. */
export const TIMESCALE = 90_000;

/** Units a second of the times in `mvhd`, of which there are none. */
const MOVIE_TIMESCALE = 1000;

const encoder = new TextEncoder();
const TRACK = 1;

/** Flags of samples: one that others do not need to precede, and one that needs those before it. */
const SYNC = 0x02000000;
const NON_SYNC = 0x01010000;

/** Of `tfhd`: offsets count from the start of the `moof`. */
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** Of `trun`: it has a data offset, and a duration, a size and flags for each sample. */
const TRUN = 0x000701;

/** The matrix that changes nothing. */
const UNITY = u32(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000);

/**
 * Returns the initialization segment: `ftyp` and `moov`.
 *
 * @param {Pick<import("./video_packet.js").Configuration, "record" | "width" | "height">} configuration
 */
export function initSegment({ record, width, height }) {
  const avc1 = box(
    "avc1",
    [0, 0, 0, 0, 0, 0, 0, 1],
    u32(0, 0, 0, 0),
    u16(width, height),
    u32(0x00480000, 0x00480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(24, 0xffff),
    box("avcC", record),
  );
  const stbl = box(
    "stbl",
    fullBox("stsd", 0, u32(1), avc1),
    fullBox("stts", 0, u32(0)),
    fullBox("stsc", 0, u32(0)),
    fullBox("stsz", 0, u32(0, 0)),
    fullBox("stco", 0, u32(0)),
  );
  const minf = box(
    "minf",
    fullBox("vmhd", 1, u16(0, 0, 0, 0)),
    box("dinf", fullBox("dref", 0, u32(1), fullBox("url ", 1))),
    stbl,
  );
  const mdia = box(
    "mdia",
    fullBox("mdhd", 0, u32(0, 0, TIMESCALE, 0), u16(0x55c4, 0)),
    fullBox("hdlr", 0, u32(0), encoder.encode("vide"), u32(0, 0, 0), encoder.encode("Video\0")),
    minf,
  );
  const tkhd = fullBox(
    "tkhd",
    3,
    u32(0, 0, TRACK, 0, 0, 0, 0),
    u16(0, 0, 0, 0),
    UNITY,
    u32(width * 0x10000, height * 0x10000),
  );
  const mvhd = fullBox(
    "mvhd",
    0,
    u32(0, 0, MOVIE_TIMESCALE, 0, 0x00010000),
    u16(0x0100, 0),
    u32(0, 0),
    UNITY,
    u32(0, 0, 0, 0, 0, 0, TRACK + 1),
  );
  const moov = box(
    "moov",
    mvhd,
    box("trak", tkhd, mdia),
    box("mvex", fullBox("trex", 0, u32(TRACK, 1, 0, 0, 0))),
  );
  const brands = encoder.encode("iso5iso6mp41");
  return joined(box("ftyp", encoder.encode("iso5"), u32(512), brands), moov);
}

/**
 * Returns one sample as a fragment: `moof` and `mdat`.
 *
 * @param {object} sample
 * @param {number} sample.number Of the fragment, from 1.
 * @param {number} sample.time When it is decoded and shown, in units of `TIMESCALE`.
 * @param {number} sample.duration In units of `TIMESCALE`.
 * @param {boolean} sample.isKey
 * @param {Uint8Array} sample.data NAL units, each behind four bytes of length.
 */
export function fragment({ number, time, duration, isKey, data }) {
  const moof = (/** @type {number} */ offset) => {
    const run = u32(1, offset, duration, data.length, isKey ? SYNC : NON_SYNC);
    return box(
      "moof",
      fullBox("mfhd", 0, u32(number)),
      box(
        "traf",
        fullBox("tfhd", DEFAULT_BASE_IS_MOOF, u32(TRACK)),
        // Version 1: 64 bits.
        fullBox("tfdt", 0x01000000, u32(Math.floor(time / 2 ** 32), time % 2 ** 32)),
        fullBox("trun", TRUN, run),
      ),
    );
  };
  const { length } = moof(0);
  return joined(moof(length + 8), box("mdat", data));
}

/**
 * @param {string} type Four letters.
 * @param {...ArrayLike<number>} contents
 */
function box(type, ...contents) {
  const length = contents.reduce((sum, part) => sum + part.length, 8);
  return joined(u32(length), encoder.encode(type), ...contents);
}

/**
 * @param {string} type Four letters.
 * @param {number} versionAndFlags
 * @param {...ArrayLike<number>} contents
 */
function fullBox(type, versionAndFlags, ...contents) {
  return box(type, u32(versionAndFlags), ...contents);
}

/** @param {...ArrayLike<number>} parts */
function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param {...number} values */
function u32(...values) {
  return values.flatMap((
    value,
  ) => [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255]);
}

/** @param {...number} values */
function u16(...values) {
  return values.flatMap((value) => [value >>> 8 & 255, value & 255]);
}
