import { concat } from "../../src/media/jpeg/concat.ts";
import { MARKER } from "../../src/media/jpeg/marker.ts";
import { encodePixels } from "../../src/media/jpeg/pixels.ts";
import { Random } from "./random.ts";

/** Returns a JPEG marker segment with its length (ITU-T T.81 B.1.1.4). */
export function segment(marker: number, content: Iterable<number>): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(content);
  const length = bytes.length + 2;
  return Uint8Array.from([0xff, marker, length >> 8, length & 0xff, ...bytes]);
}

/** Joins parts into a new array. */
export const join = concat;

/** Where the first segment with one of those markers begins. */
export function positionOf(jpeg: Uint8Array, ...markers: number[]): number {
  let at = 2;
  while (!markers.includes(jpeg[at + 1])) at += 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
  return at;
}

/** The segments of a frame before its first scan, each with its marker and length. */
export function headerSegments(jpeg: Uint8Array): Uint8Array[] {
  const segments: Uint8Array[] = [];
  for (let at = 2; jpeg[at + 1] !== MARKER.SOS;) {
    const next = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    segments.push(jpeg.subarray(at, next));
    at = next;
  }
  return segments;
}

/** A frame whose segments before its first scan are replaced. */
export function withHeader(
  jpeg: Uint8Array,
  segments: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  return join(jpeg.subarray(0, 2), ...segments, jpeg.subarray(positionOf(jpeg, MARKER.SOS)));
}

/** A frame without its Huffman tables; they must be the standard ones. */
export function withoutTables(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  return withHeader(jpeg, headerSegments(jpeg).filter((bytes) => bytes[1] !== MARKER.DHT));
}

export interface TinyJpegOptions {
  /** Whether it has Huffman tables, which are as short as possible. Default: true. */
  readonly tables?: boolean;
  /** Segments right after SOI. */
  readonly before?: readonly Uint8Array[];
  /** Entropy-coded data of each scan, at least one byte. */
  readonly scans?: readonly Uint8Array[];
  readonly width?: number;
  readonly height?: number;
}

/** Returns a JPEG with valid segments, for code that looks no deeper. It shows nothing. */
export function tinyJpeg(options: TinyJpegOptions = {}): Uint8Array<ArrayBuffer> {
  const { tables = true, before = [], width = 64, height = 48 } = options;
  const { scans = [Uint8Array.of(0x12, 0xff, 0x00, 0x34)] } = options;
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  return join(
    Uint8Array.of(0xff, 0xd8),
    ...before,
    segment(0xdb, [0, ...new Uint8Array(64).fill(16)]),
    segment(0xc0, [8, ...size, 1, 1, 0x11, 0]),
    ...(tables ? [segment(0xc4, [0, 1, ...new Uint8Array(15), 0])] : []),
    ...scans.flatMap((scan) => [segment(0xda, [1, 1, 0, 0, 63, 0]), scan]),
    Uint8Array.of(0xff, 0xd9),
  );
}

/** Returns a JPEG of noise that every decoder can read; each seed gives another one. */
export function noiseJpeg(
  width: number,
  height: number,
  { seed = 0, quality = 90 } = {},
): Uint8Array<ArrayBuffer> {
  const data = new Uint8ClampedArray(new Random(seed).bytes(width * height * 4));
  return encodePixels({ width, height, data }, quality);
}
