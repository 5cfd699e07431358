import { MARKER, MARKER_PREFIX } from "../../media/jpeg/marker.ts";

/**
 * Finds where the first frame at or after `at` starts: SOI and the 0xFF of the next marker. No table or
 * header contains these three bytes in sequence, because its values are much smaller.
 *
 * @returns Its position; without a frame, that of the last bytes that may be part of a start, or the end.
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
