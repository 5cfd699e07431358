import { concat } from "../jpeg/concat.ts";
import type { ParameterSets } from "./parameter_sets.ts";

const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** Begins an access unit, whatever its slices are (ISO/IEC 14496-10 section 7.3.2.4). */
const DELIMITER = Uint8Array.of(9, 0xf0);

/** Types of NAL units that are written anew. */
const SPS = 7;
const PPS = 8;
const ACCESS_UNIT_DELIMITER = 9;

/**
 * Encodes an access unit as Annex B of ISO/IEC 14496-10, as MPEG-TS has it: a delimiter, then the given
 * parameter sets, then its other NAL units, each behind a start code.
 *
 * @param data NAL units, each behind four bytes of length. One that is cut short is left out.
 * @param sets For a key, what a decoder needs that begins here; `null` keeps those in the data.
 */
export function encodeAnnexB(
  data: Uint8Array,
  sets: ParameterSets | null,
): Uint8Array<ArrayBuffer> {
  const units = [DELIMITER, ...sets?.sps ?? [], ...sets?.pps ?? []];
  for (const unit of nalUnitsOf(data)) {
    const type = unit[0] & 31;
    const isReplaced = sets !== null && (type === SPS || type === PPS);
    if (type !== ACCESS_UNIT_DELIMITER && !isReplaced) units.push(unit);
  }
  return concat(...units.flatMap((unit) => [START_CODE, unit]));
}

function* nalUnitsOf(data: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at + 4 <= data.length;) {
    const length = view.getUint32(at);
    at += 4;
    if (at + length > data.length) return;
    if (length > 0) yield data.subarray(at, at + length);
    at += length;
  }
}
