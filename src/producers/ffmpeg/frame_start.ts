import { MARKER, MARKER_PREFIX } from "../../media/jpeg/marker.ts";

/**
 * Returns where a frame begins at or after `at`: SOI and the 0xFF of the next marker. No table or
 * header holds these three bytes in a row, as its values are far from that large.
 *
 * @returns Where there is none, the first of the last bytes that may be part of one, or the end.
 */
export function startIn(bytes: Uint8Array, at: number): number {
  while (at < bytes.length) {
    if (bytes[at] !== MARKER_PREFIX) {
      at = bytes.indexOf(MARKER_PREFIX, at);
      if (at < 0) return bytes.length;
    }
    if (at + 2 >= bytes.length) return at;
    if (bytes[at + 1] === MARKER.SOI && bytes[at + 2] === MARKER_PREFIX) return at;
    at++;
  }
  return at;
}
