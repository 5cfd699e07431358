/** The most bytes that a frame may have before its frame header, and beyond its pixels in all. */
export const MAX_METADATA_BYTES = 1 << 20;

/** The most bytes that any frame may have. */
export const MAX_FRAME_BYTES = 32 << 20;

/** Encoders at their best quality need about 2 for noise. */
const MAX_BYTES_PER_PIXEL = 4;

/** Returns the most bytes that a frame with this number of pixels may have. */
export function maxBytesOf(pixels: number): number {
  return Math.min(MAX_BYTES_PER_PIXEL * pixels + MAX_METADATA_BYTES, MAX_FRAME_BYTES);
}
