import { concat } from "./concat.ts";
import { exifSegment, type Orientation } from "./exif.ts";
import { STANDARD_DHT_SEGMENT } from "./dht.ts";
import { MARKER, MARKER_PREFIX } from "./marker.ts";
import { begins, isProfile } from "./metadata.ts";
import type { Segments } from "./segments.ts";

/** What {@linkcode writeHeader} writes. Components are numbered 1, 2, 3. */
export interface HeaderFields {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Sampling factors and quantisation table of each component. */
  readonly components: readonly {
    readonly h: number;
    readonly v: number;
    /** In zigzag order. */
    readonly quantization: Uint16Array;
  }[];
  /** Written as Exif, unless it is 1. */
  readonly orientation: Orientation;
  /** The APPn segments of the source. */
  readonly app: Segments["app"];
}

/**
 * Writes the part of a JPEG from SOI to SOS, for one scan with the standard Huffman tables.
 *
 * It keeps the APPn segments of the source that change how the frame looks: the pixel aspect (JFIF),
 * the orientation (Exif, with nothing else in it) and the colour profile (ICC). It drops the rest and
 * comments, or each frame would carry thumbnails and the camera maker's notes again.
 */
export function writeHeader(fields: HeaderFields): Uint8Array {
  const { width, height, components, orientation, app } = fields;
  const parts: Uint8Array[] = [Uint8Array.of(MARKER_PREFIX, MARKER.SOI)];
  const add = (marker: number, payload: ArrayLike<number>) => {
    const length = payload.length + 2;
    const start = Uint8Array.of(MARKER_PREFIX, marker, length >> 8, length & 255);
    parts.push(start, Uint8Array.from(payload));
  };
  add(MARKER.APP0, jfif(app));
  if (orientation !== 1) parts.push(exifSegment(orientation));
  for (const segment of app) if (isProfile(segment)) add(segment.marker, segment.payload);
  const tables = distinctTables(components);
  tables.forEach((table, id) => add(MARKER.DQT, quantizationTable(table, id)));
  const wide = tables.some(isWide);
  add(wide ? MARKER.SOF1 : MARKER.SOF0, [
    8,
    ...[height >> 8, height & 255, width >> 8, width & 255, components.length],
    ...components.flatMap((component, i) => [
      i + 1,
      component.h << 4 | component.v,
      tables.findIndex((table) => sameSteps(table, component.quantization)),
    ]),
  ]);
  parts.push(STANDARD_DHT_SEGMENT);
  add(MARKER.SOS, [
    components.length,
    ...components.flatMap((_, i) => [i + 1, i === 0 ? 0x00 : 0x11]),
    ...[0, 63, 0],
  ]);
  return concat(...parts);
}

/** Returns the payload of a JFIF 1.02 segment with the source's pixel density and no thumbnail. */
function jfif(app: Segments["app"]): number[] {
  const source = app.find(({ marker, payload }) =>
    marker === MARKER.APP0 && payload.length >= 12 && begins(payload, "JFIF\0")
  );
  const density = source ? source.payload.subarray(7, 12) : [0, 0, 1, 0, 1];
  return [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, ...density, 0, 0];
}

function distinctTables(components: HeaderFields["components"]): Uint16Array[] {
  const tables: Uint16Array[] = [];
  for (const { quantization } of components) {
    if (!tables.some((table) => sameSteps(table, quantization))) tables.push(quantization);
  }
  return tables;
}

/** Returns whether two quantisation tables are equal. */
export function sameSteps(a: Uint16Array, b: Uint16Array): boolean {
  return a.every((step, k) => step === b[k]);
}

/** Returns whether steps exceed 255: they take two bytes, which only extended sequential allows. */
function isWide(table: Uint16Array): boolean {
  return table.some((step) => step > 255);
}

function quantizationTable(table: Uint16Array, id: number): number[] {
  if (!isWide(table)) return [id, ...table];
  return [0x10 | id, ...Array.from(table).flatMap((step) => [step >> 8, step & 255])];
}
