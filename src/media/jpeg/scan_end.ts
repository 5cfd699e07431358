import { isInScan, MARKER_PREFIX } from "./marker.ts";

/**
 * Finds where entropy-coded data meets the marker of a segment, SOI or EOI.
 *
 * Restart markers and stuffed zeros belong to the data, and so does 0xFF before a byte that begins no
 * segment: that was a stuffed zero before it was damaged.
 *
 * @param at Where to begin, between two bytes of data.
 * @returns Where that marker is. If there is none yet: the last byte if it may be the first of a
 * marker, or else the end.
 */
export function endOfScan(bytes: Uint8Array, at: number): number {
  while (at + 1 < bytes.length) {
    if (bytes[at] !== MARKER_PREFIX) {
      at = bytes.indexOf(MARKER_PREFIX, at);
      if (at < 0) return bytes.length;
      continue;
    }
    const next = bytes[at + 1];
    if (next === MARKER_PREFIX) at++;
    else if (isInScan(next)) at += 2;
    else return at;
  }
  return at;
}
