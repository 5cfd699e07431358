const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value << 1 ^ (value < 0 ? POLYNOMIAL : 0);
  return value;
});

/** Returns the checksum of a section (ISO/IEC 13818-1 annex A): CRC-32/MPEG-2. */
export function crc32(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum << 8 ^ TABLE[sum >>> 24 ^ byte], 0xffffffff) >>> 0;
}
