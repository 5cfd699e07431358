import { concat } from "../jpeg/concat.ts";

/** Identifiers of the elementary streams (ISO/IEC 13818-1 table 2-22). */
const STREAM_IDS = { video: 0xe0, sound: 0xc0 } as const;

/** Bytes between the length and the data: flags, their length, and the timestamp. */
const HEAD_BYTES = 8;

/** What is aligned begins at the first byte. */
const FLAGS = 0x84;
const HAS_PTS = 0x80;
const PTS_BYTES = 5;

/** Counters of time have so many values; then they begin again. */
export const TIME_MODULUS: number = 2 ** 33;

/**
 * Encodes a PES packet (ISO/IEC 13818-1 section 2.4.3.6).
 *
 * @param pts When it is due, in 1/90,000 s.
 */
export function encodePes(
  stream: "video" | "sound",
  pts: number,
  data: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const length = data.length + HEAD_BYTES;
  // Video alone may have no length.
  const given = stream === "video" && length > 0xffff ? 0 : length;
  const head = [0, 0, 1, STREAM_IDS[stream], given >> 8, given & 0xff, FLAGS, HAS_PTS, PTS_BYTES];
  return concat(Uint8Array.of(...head, ...timestamp(pts % TIME_MODULUS)), data);
}

function timestamp(pts: number): number[] {
  return [
    0x21 | Math.floor(pts / 2 ** 30) << 1,
    Math.floor(pts / 2 ** 22) & 0xff,
    Math.floor(pts / 2 ** 15) << 1 & 0xff | 1,
    Math.floor(pts / 2 ** 7) & 0xff,
    pts << 1 & 0xff | 1,
  ];
}
