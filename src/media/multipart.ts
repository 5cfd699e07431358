import type { Frame } from "./packet.ts";
import type { Rendition } from "./rendition.ts";

/** Unquoted, and without a leading `--`: some clients search for exactly what stands here. */
const BOUNDARY = "frame";

export const MULTIPART_CONTENT_TYPE = `multipart/x-mixed-replace; boundary=${BOUNDARY}`;

const encoder = new TextEncoder();
const DELIMITER = encoder.encode(`\r\n--${BOUNDARY}\r\n`);

/** What a stream begins with; every part then ends with the delimiter of the next one. */
export const OPENING = encoder.encode(`--${BOUNDARY}\r\n`);

/** One rendition of a frame, ready to be sent to any number of viewers. */
export interface Part {
  readonly frame: Frame;
  readonly rendition: Rendition;
  /** Headers, picture and the boundary after it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The picture alone, a view into `bytes`. */
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * Makes the part of a multipart/x-mixed-replace stream (RFC 2046 section 5.1) that shows `jpeg`.
 * The next boundary follows at once, because browsers paint a picture when they see it.
 *
 * @param padding Bytes to put behind the picture, where every decoder has stopped reading.
 */
export function encodePart(
  frame: Frame,
  rendition: Rendition,
  jpeg: Uint8Array,
  padding = 0,
): Part {
  const headers = encoder.encode(
    "Content-Type: image/jpeg\r\n" +
      `Content-Length: ${jpeg.length + padding}\r\n` +
      `X-Timestamp: ${(frame.at / 1000).toFixed(6)}\r\n` +
      `X-Sequence: ${frame.sequence}\r\n` +
      `X-Quality: ${rendition.quality}\r\n\r\n`,
  );
  const end = headers.length + jpeg.length;
  const bytes = new Uint8Array(end + padding + DELIMITER.length);
  bytes.set(headers);
  bytes.set(jpeg, headers.length);
  bytes.set(DELIMITER, end + padding);
  return { frame, rendition, bytes, jpeg: bytes.subarray(headers.length, end) };
}
