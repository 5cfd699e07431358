import { frameSize } from "../../media/jpeg/size.ts";

/**
 * Reads height and width from a frame header segment (ITU-T T.81 B.2.2).
 *
 * @param segment From its marker to its end.
 * @returns Both in one number, for easy comparison; 0 if the header contradicts itself.
 */
export function codedSize(segment: Uint8Array): number {
  if (segment.length < 10 || segment.length !== 10 + 3 * segment[9]) return 0;
  const { width, height } = frameSize(segment, 4);
  return height * width === 0 ? 0 : height * 0x10000 + width;
}

/** Returns the number of pixels of a {@linkcode codedSize}. */
export function pixelsOf(size: number): number {
  return (size >>> 16) * (size & 0xffff);
}
