/** What a decoder needs before the first slice; each is a NAL unit without a start code. */
export interface ParameterSets {
  /** Sequence parameter sets. */
  readonly sps: readonly Uint8Array[];
  /** Picture parameter sets. */
  readonly pps: readonly Uint8Array[];
}

/** Bytes before the number of sequence parameter sets. */
const HEAD_BYTES = 5;

/**
 * Reads the parameter sets of an `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 section 5.3.3.1).
 *
 * @throws {RangeError} It is none, or is cut short.
 */
export function parameterSetsOf(record: Uint8Array): ParameterSets {
  if (record[0] !== 1) throw new RangeError(`No avcC record: version ${record[0]}`);
  let at = HEAD_BYTES;
  const byte = () => {
    if (at >= record.length) throw new RangeError(`avcC record cut short: ${record.length} bytes`);
    return record[at++];
  };
  const units = (count: number) =>
    Array.from({ length: count }, () => {
      const length = byte() << 8 | byte();
      if (length === 0 || at + length > record.length) {
        throw new RangeError(`avcC record with a parameter set of ${length} bytes`);
      }
      return record.subarray(at, at += length);
    });
  const sps = units(byte() & 31);
  const pps = units(byte());
  return { sps, pps };
}
