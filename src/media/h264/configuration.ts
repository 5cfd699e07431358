import type { VideoConfiguration } from "../packet.ts";
import { sequenceSize } from "./sequence_parameters.ts";

/** Bytes before the first sequence parameter set, its length included. */
const HEAD_BYTES = 8;

/**
 * Reads an `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 section 5.3.3.1), `avcC`.
 *
 * @throws {RangeError} It is damaged, or NAL units have other than four bytes of length.
 */
export function readConfiguration(record: Uint8Array<ArrayBuffer>): VideoConfiguration {
  const [version, , , , lengthSize, sets] = record;
  if (record.length < HEAD_BYTES || version !== 1) {
    throw new RangeError("The H.264 configuration is damaged");
  }
  if ((lengthSize & 3) !== 3) {
    throw new RangeError(`H.264 has lengths of other than 4 bytes: ${(lengthSize & 3) + 1}`);
  }
  const end = HEAD_BYTES + (record[6] << 8 | record[7]);
  if ((sets & 31) === 0 || end > record.length) {
    throw new RangeError("The H.264 configuration has no sequence parameters");
  }
  const unit = record.subarray(HEAD_BYTES, end);
  const size = sequenceSize(unit);
  const codec = "avc1." +
    [...record.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { record, codec, ...size };
}
