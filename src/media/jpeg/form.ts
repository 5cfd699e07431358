import { type Orientation, orientationOf } from "./exif.ts";
import { MARKER } from "./marker.ts";
import { leadingSegments, pictureSize, type Size } from "./size.ts";

/** The size in which the pixels of a JPEG are stored, and how a viewer has to turn them. */
export interface Form extends Size {
  /** As Exif numbers it: 1 for not at all. */
  readonly orientation: Orientation;
}

/** Returns the form of a JPEG; `null` if it has no frame header. Reads no further than that header. */
export function pictureForm(jpeg: Uint8Array): Form | null {
  const size = pictureSize(jpeg);
  if (!size) return null;
  const app: { readonly marker: number; readonly payload: Uint8Array }[] = [];
  for (const { marker, start, end } of leadingSegments(jpeg)) {
    if (marker === MARKER.APP1) app.push({ marker, payload: jpeg.subarray(start, end) });
  }
  return { ...size, orientation: orientationOf(app) };
}

/** Returns whether two forms are the same. */
export function isSameForm(one: Form, other: Form): boolean {
  return one.width === other.width && one.height === other.height &&
    one.orientation === other.orientation;
}
