import { MAX_PIXELS, type Size } from "../jpeg/size.ts";
import { BitReader, withoutEmulationPrevention } from "./bit_reader.ts";

/** The type of a NAL unit that is a sequence parameter set. */
const SEQUENCE_PARAMETERS = 7;

/** Profiles whose parameters name the colour format and may have scaling lists (H.264 section 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  ...[44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244],
]);

/** Where the level is, behind the NAL unit's head: `level_idc`. */
const LEVEL_AT = 2;

/** `num_units_in_tick`, `time_scale` and `fixed_frame_rate_flag`. */
const TIMING_BITS = 65;

/** `aspect_ratio_idc` that is followed by two numbers: `Extended_SAR`. */
const EXTENDED_ASPECT = 255;

/** `chroma_format_idc` of 4:2:0, which is what profiles without the field have, and of 4:4:4. */
const YUV420 = 1;
const YUV444 = 3;

/** The most numbers in the cycle of picture order counts (H.264 section 7.4.2.1.1). */
const MAX_CYCLE = 255;

/** What is read of a sequence parameter set. */
interface Sequence {
  readonly size: Size;
  /** Stands before the flag that says whether there is usability information (H.264 annex E). */
  readonly reader: BitReader;
}

/**
 * Returns the size of the visible picture that a sequence parameter set describes (H.264 section 7.3.2.1.1).
 *
 * @param unit The whole NAL unit.
 * @throws {RangeError} It is damaged, no sequence parameter set, or for too large a picture.
 */
export function sequenceSize(unit: Uint8Array): Size {
  return readSequence(unit).size;
}

/**
 * Returns what decoding depends on in a sequence parameter set, to be compared: everything but the level
 * and the frame rate, which encoders write there too.
 *
 * @param unit The whole NAL unit.
 * @throws {RangeError} As {@linkcode sequenceSize} does.
 */
export function decodingKey(unit: Uint8Array): string {
  const { reader } = readSequence(unit);
  const payload = withoutEmulationPrevention(unit.subarray(1)).with(LEVEL_AT, 0);
  const bits = [...payload].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  if (!reader.flag()) return bits;
  skipToTiming(reader);
  const from = reader.place;
  const length = reader.flag() ? TIMING_BITS : 0;
  return `${bits.slice(0, from)} ${bits.slice(from + 1 + length)}`;
}

function skipToTiming(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === EXTENDED_ASPECT) reader.bits(32);
  if (reader.flag()) reader.flag();
  if (reader.flag()) {
    reader.bits(4);
    if (reader.flag()) reader.bits(24);
  }
  if (reader.flag()) {
    reader.unsigned();
    reader.unsigned();
  }
}

function readSequence(unit: Uint8Array): Sequence {
  if ((unit[0] & 31) !== SEQUENCE_PARAMETERS) {
    throw new RangeError("H.264 sequence parameters are missing");
  }
  const reader = new BitReader(withoutEmulationPrevention(unit.subarray(1)));
  const profile = reader.bits(8);
  reader.bits(16);
  reader.unsigned();
  const { chroma, isSeparate } = HIGH_PROFILES.has(profile)
    ? readHighFields(reader)
    : { chroma: YUV420, isSeparate: false };
  reader.unsigned();
  skipOrderCount(reader);
  reader.unsigned();
  reader.flag();
  const columns = reader.unsigned() + 1;
  const mapUnits = reader.unsigned() + 1;
  const isProgressive = reader.flag();
  if (!isProgressive) reader.flag();
  reader.flag();
  const rowFactor = isProgressive ? 1 : 2;
  let width = 16 * columns;
  let height = 16 * mapUnits * rowFactor;
  if (reader.flag()) {
    // Cropped in units of chroma samples (equations 7-19 to 7-22).
    const hasChroma = chroma !== 0 && !isSeparate;
    const unitX = hasChroma && chroma !== YUV444 ? 2 : 1;
    const unitY = (hasChroma && chroma === YUV420 ? 2 : 1) * rowFactor;
    width -= unitX * (reader.unsigned() + reader.unsigned());
    height -= unitY * (reader.unsigned() + reader.unsigned());
  }
  if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
    throw new RangeError(`H.264 has an impossible size: ${width}x${height}`);
  }
  return { size: { width, height }, reader };
}

function readHighFields(reader: BitReader): { chroma: number; isSeparate: boolean } {
  const chroma = reader.unsigned();
  if (chroma > YUV444) throw new RangeError(`H.264 has an unknown colour format: ${chroma}`);
  const isSeparate = chroma === YUV444 && reader.flag();
  reader.unsigned();
  reader.unsigned();
  reader.flag();
  if (reader.flag()) {
    for (let list = 0; list < (chroma === YUV444 ? 12 : 8); list++) {
      if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64);
    }
  }
  return { chroma, isSeparate };
}

function skipScalingList(reader: BitReader, length: number): void {
  let last = 8;
  for (let i = 0; i < length; i++) {
    last = (last + reader.signed() + 256) % 256;
    // The rest of the list repeats the number before.
    if (last === 0) return;
  }
}

function skipOrderCount(reader: BitReader): void {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type !== 1) return;
  reader.flag();
  reader.signed();
  reader.signed();
  const cycle = reader.unsigned();
  if (cycle > MAX_CYCLE) throw new RangeError("H.264 has too long an order count cycle");
  for (let i = 0; i < cycle; i++) reader.signed();
}
