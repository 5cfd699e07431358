import { MARKER, MARKER_PREFIX } from "./marker.ts";
import { begins } from "./metadata.ts";

/**
 * Returns which rows of the picture a JPEG contains, according to its `AVI1` segment (APP0, from
 * Microsoft's OpenDML AVI extensions, 1996).
 *
 * @returns `null` if it is a whole frame rather than a field.
 */
export function fieldOf(jpeg: Uint8Array): "top" | "bottom" | null {
  let at = 2;
  while (at + 9 <= jpeg.length && jpeg[at] === MARKER_PREFIX && jpeg[at + 1] === MARKER.APP0) {
    const end = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    const payload = jpeg.subarray(at + 4, end);
    if (begins(payload, "AVI1")) {
      return payload[4] === 1 ? "top" : payload[4] === 2 ? "bottom" : null;
    }
    at = end;
  }
  return null;
}
