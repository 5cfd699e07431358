import { isFrameHeader, MARKER_PREFIX } from "./marker.ts";

/** The largest frame accepted: 8K UHD. The header of a larger one could ask for gigabytes. */
export const MAX_PIXELS = 7680 * 4320;

/** Width and height in pixels. */
export interface Size {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** Returns the size that a frame header names (T.81 B.2.2). Its payload starts at `at`. */
export function frameSize(bytes: Uint8Array, at = 0): Size {
  return {
    height: bytes[at + 1] << 8 | bytes[at + 2],
    width: bytes[at + 3] << 8 | bytes[at + 4],
  };
}

/**
 * Returns the size of a JPEG of any coding process; `null` if it has no frame header. Reads no
 * further than that header.
 */
export function pictureSize(jpeg: Uint8Array): Size | null {
  for (const { marker, start } of leadingSegments(jpeg)) {
    if (isFrameHeader(marker)) return frameSize(jpeg, start);
  }
  return null;
}

/** Yields a JPEG's segments up to the frame header, with the places at which their payloads start and end. */
export function* leadingSegments(
  jpeg: Uint8Array,
): Generator<{ readonly marker: number; readonly start: number; readonly end: number }> {
  let at = 2;
  while (at + 9 <= jpeg.length && jpeg[at] === MARKER_PREFIX) {
    const marker = jpeg[at + 1];
    // A fill byte before the marker (B.1.1.2).
    if (marker === MARKER_PREFIX) {
      at++;
      continue;
    }
    const end = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    yield { marker, start: at + 4, end };
    if (isFrameHeader(marker)) return;
    at = end;
  }
}
