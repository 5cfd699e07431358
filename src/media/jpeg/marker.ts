/** Marker codes of T.81 table B.1, the byte that follows 0xFF. */
export const MARKER = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  DHT: 0xc4,
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
} as const;

/** Whether it begins a frame header: SOF0 to SOF15, of which DHT, JPG and DAC take three codes. */
export function isFrameHeader(marker: number): boolean {
  return marker >= MARKER.SOF0 && marker <= 0xcf && marker !== MARKER.DHT && marker !== 0xc8 &&
    marker !== 0xcc;
}
