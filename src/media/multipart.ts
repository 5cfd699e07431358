import type { Frame } from "./packet.ts";
import type { Rendition } from "./rendition.ts";

/** Without quotes or a leading `--`: some clients search the body for the exact text of the header. */
const BOUNDARY = "frame";

/** The `Content-Type` of a stream. */
export const MULTIPART_CONTENT_TYPE = `multipart/x-mixed-replace; boundary=${BOUNDARY}`;

const encoder = new TextEncoder();
/** What ends each part: the boundary before the next one. */
export const DELIMITER: Uint8Array<ArrayBuffer> = encoder.encode(`\r\n--${BOUNDARY}\r\n`);

/** The first bytes of a stream; every part then ends with the delimiter before the next one. */
export const OPENING: Uint8Array<ArrayBuffer> = encoder.encode(`--${BOUNDARY}\r\n`);

/** One rendition of a frame, ready to be sent to any number of sessions. */
export interface Part {
  /** The frame it shows. */
  readonly frame: Frame;
  /** The rendition of that frame. */
  readonly rendition: Rendition;
  /** Headers, JPEG and the boundary after it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The JPEG alone, a view into `bytes`. */
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * Encodes a JPEG as one part of a multipart/x-mixed-replace stream (RFC 2046 section 5.1). The next
 * boundary follows at once, because a browser paints a part only when it sees the boundary after it.
 *
 * @param padding Zero bytes to add after the JPEG, where every decoder has stopped reading.
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
      `X-Quality: ${rendition.quality}\r\n` +
      provenanceHeaders(frame) + "\r\n",
  );
  const end = headers.length + jpeg.length;
  const bytes = new Uint8Array(end + padding + DELIMITER.length);
  bytes.set(headers);
  bytes.set(jpeg, headers.length);
  bytes.set(DELIMITER, end + padding);
  return { frame, rendition, bytes, jpeg: bytes.subarray(headers.length, end) };
}

function provenanceHeaders({ provenance }: Frame): string {
  if (provenance === undefined) return "";
  const { via, origin } = provenance;
  return `X-Via: ${via}\r\n${origin === null ? "" : `X-Origin: ${origin}\r\n`}`;
}
