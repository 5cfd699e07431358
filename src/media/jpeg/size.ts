import { isFrameHeader } from "./marker.ts";

/** The largest picture taken: 8K UHD. A larger one's header alone could ask for gigabytes. */
export const MAX_PIXELS = 7680 * 4320;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The width and height in pixels that a JPEG's frame header names (T.81 B.2.2), of any coding
 * process; `null` where there is none. Reads no further than that header.
 */
export function pictureSize(jpeg: Uint8Array): Size | null {
  let at = 2;
  while (at + 9 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1];
    if (isFrameHeader(marker)) {
      return { height: jpeg[at + 5] << 8 | jpeg[at + 6], width: jpeg[at + 7] << 8 | jpeg[at + 8] };
    }
    // A fill byte before the marker (B.1.1.2), or a whole segment.
    at += marker === 0xff ? 1 : 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
  }
  return null;
}
