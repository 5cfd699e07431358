/** Ogg's polynomial (RFC 3533 section 6), most significant bit first. */
const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder < 0 ? remainder << 1 ^ POLYNOMIAL : remainder << 1;
  }
  return remainder;
});

/** Returns the checksum of bytes that follow those with the checksum `before`. */
export function checksumOf(bytes: Uint8Array, before = 0): number {
  let sum = before;
  for (let at = 0; at < bytes.length; at++) sum = sum << 8 ^ TABLE[sum >>> 24 ^ bytes[at]];
  return sum >>> 0;
}
