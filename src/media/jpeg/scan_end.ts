import { isInScan, MARKER_PREFIX } from "./marker.ts";

/**
 * Finds the end of entropy-coded data: the marker of a segment, SOI or EOI.
 *
 * @param at Where to start, between two bytes of data.
 * @returns The position of that marker. If there is none yet: the last byte if it could start a
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
