/** Reads the bits of a NAL unit's payload: fixed lengths and Exp-Golomb codes (H.264 sections 7.2 and 9.1). */
export class BitReader {
  readonly #bytes: Uint8Array;
  #place = 0;

  /** Starts at the first bit. Emulation prevention bytes have to be removed. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bits have been read. */
  get place(): number {
    return this.#place;
  }

  /** Reads a flag of one bit. */
  flag(): boolean {
    return this.bits(1) === 1;
  }

  /**
   * Reads an unsigned number.
   *
   * @param count Its length, 32 at most. Bits.
   * @throws {RangeError} The bytes end before.
   */
  bits(count: number): number {
    if (this.#place + count > 8 * this.#bytes.length) {
      throw new RangeError("H.264 header ends early");
    }
    let value = 0;
    for (let i = 0; i < count; i++, this.#place++) {
      value = 2 * value + (this.#bytes[this.#place >> 3] >> (7 - (this.#place & 7)) & 1);
    }
    return value;
  }

  /**
   * Reads an unsigned Exp-Golomb code: `ue(v)`.
   *
   * @throws {RangeError} The bytes end before, or the number has more than 32 bits.
   */
  unsigned(): number {
    let zeros = 0;
    while (!this.flag()) {
      if (++zeros > 31) throw new RangeError("H.264 header has too long a number");
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** Reads a signed Exp-Golomb code: `se(v)`. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Returns a NAL unit's bytes without its emulation prevention bytes (H.264 section 7.4.1.1). */
export function withoutEmulationPrevention(unit: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(unit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    bytes[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return bytes.subarray(0, length);
}
