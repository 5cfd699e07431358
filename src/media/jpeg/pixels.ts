import { allocateGrids, type Coefficients, type ComponentGrid } from "./coefficients.ts";
import { encodeJpeg, planEncoding } from "./encode.ts";
import type { Orientation } from "./exif.ts";
import { allocate, bytesAt, place, release, transform_row } from "./kernel.ts";
import { ijgTable, NATURAL_ORDER } from "./quality.ts";

/** A picture as pixels. */
export interface Pixels {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Four bytes a pixel, row by row: red, green, blue and one that encoding ignores. */
  readonly data: Uint8ClampedArray;
}

/** The largest side that a frame header can name (T.81 B.2.2). */
const MAX_SIDE = 65535;

/** Rows of pixels that one row of MCUs covers. */
const MCU_ROWS = 16;

/** The most entries that one block can have. */
const BLOCK_ENTRIES = 63;

/**
 * Encodes pixels as a baseline JPEG with half the colour resolution (4:2:0).
 *
 * @param pixels 1 to 65,535 in both directions; an odd width or height repeats the last column or row.
 * @param quality 1..100, as for {@linkcode ijgTable}.
 * @param orientation Written as Exif, unless it is 1. Default: 1.
 * @throws {RangeError} No JPEG has that size.
 */
export function encodePixels(
  pixels: Pixels,
  quality: number,
  orientation: Orientation = 1,
): Uint8Array<ArrayBuffer> {
  const { width, height } = pixels;
  if (!(Math.min(width, height) >= 1 && Math.max(width, height) <= MAX_SIDE)) {
    throw new RangeError(`Cannot encode JPEG: ${width}x${height} pixels`);
  }
  try {
    const coefficients = transformPixels(pixels, quality);
    const tables = coefficients.components.map(({ quantization }) => quantization);
    const plan = planEncoding(coefficients, tables, "source", "none");
    return encodeJpeg(plan, coefficients, orientation, []);
  } finally {
    release();
  }
}

/** Returns the quantised coefficients of a picture, in the kernel's memory until `release()`. */
function transformPixels({ width, height, data }: Pixels, quality: number): Coefficients {
  const luminance = ijgTable(quality, "luminance");
  const chrominance = ijgTable(quality, "chrominance");
  const components = allocateGrids(width, height, [
    { h: 2, v: 2, quantization: luminance },
    { h: 1, v: 1, quantization: chrominance },
    { h: 1, v: 1, quantization: chrominance },
  ]);
  const natural = allocate(64);
  bytesAt(natural, 64).set(NATURAL_ORDER);
  const plan = place(width, natural, ...components.flatMap(componentFields));
  // The pixels pass in strips: memory for the whole picture would never be freed.
  const stripBytes = MCU_ROWS * width * 4;
  const strip = allocate(stripBytes);
  const blocks = components.reduce((sum, { across, down }) => sum + across * down, 0);
  const list = allocate((blocks * BLOCK_ENTRIES + 1) * 4);
  let used = 0;
  for (let y = 0; y * MCU_ROWS < height; y++) {
    const rows = Math.min(MCU_ROWS, height - y * MCU_ROWS);
    const bytes = rows * width * 4;
    bytesAt(strip, bytes).set(data.subarray(y * stripBytes, y * stripBytes + bytes));
    used = transform_row(plan, strip, rows, y, list, used);
  }
  return { width, height, components, list, used };
}

/** Returns the fields of the kernel's PixelComponent. */
function componentFields({ grid, quantization }: ComponentGrid): number[] {
  const scale = Float32Array.from(quantization, (step, k) => {
    const at = NATURAL_ORDER[k];
    return 1 / (8 * step * leftOver(at & 7) * leftOver(at >> 3));
  });
  return [grid, ...new Int32Array(scale.buffer)];
}

/** Returns the factor that the kernel's fast DCT leaves in a frequency 0..7 of one dimension. */
function leftOver(frequency: number): number {
  return frequency === 0 ? 1 : Math.SQRT2 * Math.cos(Math.PI * frequency / 16);
}
