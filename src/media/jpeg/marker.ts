/** The first byte of every marker (T.81 B.1.1.2); more of them before it are fill bytes. */
export const MARKER_PREFIX = 0xff;

/** Marker codes of T.81 table B.1: the byte after {@linkcode MARKER_PREFIX}. */
export const MARKER = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  SOF15: 0xcf,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const;

/** Returns whether the marker begins a frame header: SOF0 to SOF15 without DHT, JPG and DAC. */
export function isFrameHeader(marker: number): boolean {
  return marker >= MARKER.SOF0 && marker <= MARKER.SOF15 &&
    marker !== MARKER.DHT && marker !== MARKER.JPG && marker !== MARKER.DAC;
}

/**
 * Returns whether the byte after a 0xFF leaves it part of entropy-coded data: it is a restart marker,
 * a stuffed zero, or begins no segment, as after damage to a stuffed zero.
 */
export function isInScan(marker: number): boolean {
  return marker < MARKER.SOF0 || (marker >= MARKER.RST0 && marker <= MARKER.RST7);
}

/** Returns whether the bytes start as every JPEG does: with SOI. */
export function startsWithSoi(bytes: Uint8Array): boolean {
  return bytes[0] === MARKER_PREFIX && bytes[1] === MARKER.SOI;
}
