import { sequenceOf, timeOf } from "../part_headers.js";

/**
 * @typedef {object} Configuration What a key packet says about itself and the packets after it.
 * @property {Uint8Array<ArrayBuffer>} record `avcC`, as in ISO/IEC 14496-15 section 5.3.3.1.
 * @property {string} codec As in RFC 6381: `avc1.42c01f`.
 * @property {number} width Pixels.
 * @property {number} height Pixels.
 *
 * @typedef {object} VideoPacket One access unit of H.264.
 * @property {number} index
 * @property {boolean} isKey
 * @property {Configuration | null} configuration Of key packets only.
 * @property {Uint8Array<ArrayBuffer>} data NAL units, each behind four bytes of length.
 * @property {number} sequence
 * @property {number | null} at When the frame was captured, by the server's clock, in milliseconds.
 * @property {string} quality 1..100.
 */

/**
 * Reads a part as src/media/video_part.ts encodes it.
 *
 * @param {import("../multipart_reader.js").Part} part
 * @returns {VideoPacket}
 * @throws {SyntaxError} A header is missing or unreadable.
 */
export function videoPacketOf({ headers, body }) {
  const index = Number(headers.get("x-index") ?? NaN);
  const padding = Number(headers.get("x-padding") ?? 0);
  if (!Number.isSafeInteger(index)) throw new SyntaxError("Cannot read packet: bad X-Index");
  if (!Number.isSafeInteger(padding) || padding < 0 || padding >= body.length) {
    throw new SyntaxError(`Cannot read packet: bad X-Padding: ${padding} of ${body.length} bytes`);
  }
  const configuration = configurationOf(headers);
  return {
    index,
    isKey: configuration !== null,
    configuration,
    data: body.subarray(0, body.length - padding),
    sequence: sequenceOf(headers),
    at: timeOf(headers),
    quality: headers.get("x-quality") ?? "source",
  };
}

/**
 * @param {ReadonlyMap<string, string>} headers
 * @returns {Configuration | null}
 */
function configurationOf(headers) {
  const encoded = headers.get("x-configuration");
  if (encoded === undefined) return null;
  const record = bytesOf(encoded);
  const size = /^(\d+)x(\d+)$/.exec(headers.get("x-size") ?? "");
  if (record.length < 7 || !size) throw new SyntaxError("Cannot read packet: bad configuration");
  const profile = Array.from(
    record.subarray(1, 4),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  return {
    record,
    codec: `avc1.${profile.join("")}`,
    width: Number(size[1]),
    height: Number(size[2]),
  };
}

/** @param {string} base64 */
function bytesOf(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new SyntaxError("Cannot read packet: X-Configuration is not base64", { cause });
  }
}
