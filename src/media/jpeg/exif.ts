import { MARKER, MARKER_PREFIX } from "./marker.ts";
import { begins } from "./metadata.ts";
import type { Segments } from "./segments.ts";

/** How a viewer has to turn the picture, as Exif numbers it: 1 (not at all) to 8. */
export type Orientation = number;

const ORIENTATION_TAG = 0x0112;

/** Returns the orientation that an Exif segment asks for; 1 if there is none or it is invalid. */
export function orientationOf(app: Segments["app"]): Orientation {
  const exif = app.find(({ marker, payload }) =>
    marker === MARKER.APP1 && payload.length >= 14 &&
    begins(payload, "Exif\0\0")
  );
  if (!exif) return 1;
  const tiff = exif.payload.subarray(6);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) === ORIENTATION_TAG) {
      const orientation = view.getUint16(at + 8, little);
      return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
  }
  return 1;
}

/** Returns the orientation that shows a picture mirrored, once its stored pixels are mirrored. */
export function mirrorOrientation(orientation: Orientation): Orientation {
  // After a quarter turn, left and right on the screen are top and bottom of the stored pixels.
  return [0, 1, 2, 3, 4, 7, 8, 5, 6][orientation];
}

/** Returns a whole APP1 segment (Exif, one entry) that asks for `orientation`. */
export function exifSegment(orientation: Orientation): Uint8Array {
  // deno-fmt-ignore
  return Uint8Array.from([
    MARKER_PREFIX, MARKER.APP1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, // length, "Exif"
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian TIFF, first directory at 8
    0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, // one SHORT
    0, 0, 0, 0, // no further directory
  ]);
}
