import { DELIMITER } from "./multipart.ts";
import type { VideoPacket } from "./packet.ts";
import type { Rendition } from "./rendition.ts";

/** One packet of H.264, ready to be sent to any number of pages. */
export interface VideoPart {
  /** The packet it carries. */
  readonly packet: VideoPacket;
  /** The rendition that the packet is of. */
  readonly rendition: Rendition;
  /** Headers, packet and the boundary after it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * Encodes a packet as one part of a multipart stream, for pages that asked for H.264:
 *
 * - `Content-Type: video/h264`, the packet as {@linkcode VideoPacket} has it;
 * - `X-Timestamp`, `X-Sequence` and `X-Quality` as parts with JPEGs have them, and `X-Index`: a packet
 *   needs the one with the index before, unless it is a key;
 * - key packets alone have `X-Configuration`: the `avcC` record in base64, and `X-Size`: `1280x720`;
 * - `X-Padding`: bytes at the end to ignore.
 *
 * @param padding Zero bytes to add after the packet.
 */
export function encodeVideoPart(packet: VideoPacket, rendition: Rendition, padding = 0): VideoPart {
  const { data, configuration: { record, width, height } } = packet;
  const headers = encoder.encode(
    "Content-Type: video/h264\r\n" +
      `Content-Length: ${data.length + padding}\r\n` +
      `X-Timestamp: ${(packet.at / 1000).toFixed(6)}\r\n` +
      `X-Sequence: ${packet.sequence}\r\n` +
      `X-Index: ${packet.index}\r\n` +
      `X-Quality: ${rendition.quality}\r\n` +
      (packet.isKey
        ? `X-Configuration: ${
          btoa(String.fromCharCode(...record))
        }\r\nX-Size: ${width}x${height}\r\n`
        : "") +
      (padding > 0 ? `X-Padding: ${padding}\r\n` : "") +
      "\r\n",
  );
  const end = headers.length + data.length;
  const bytes = new Uint8Array(end + padding + DELIMITER.length);
  bytes.set(headers);
  bytes.set(data, headers.length);
  bytes.set(DELIMITER, end + padding);
  return { packet, rendition, bytes };
}
