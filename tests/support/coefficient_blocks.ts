import type { Filter, Quality } from "../../src/media/rendition.ts";
import {
  allocateGrids,
  type Coefficients,
  type GridShape,
} from "../../src/media/jpeg/coefficients.ts";
import { type Damage, decodeCoefficients } from "../../src/media/jpeg/decode.ts";
import { encodeJpeg, planEncoding } from "../../src/media/jpeg/encode.ts";
import { STANDARD_TABLES } from "../../src/media/jpeg/huffman.ts";
import { allocate, bytesAt, release, shortsAt, wordsAt } from "../../src/media/jpeg/kernel.ts";
import { readSegments } from "../../src/media/jpeg/segments.ts";

/** One component's blocks, row by row, padding included: 64 values each, in zigzag order. */
export type Blocks = Int16Array[];

/** The quantised coefficients of a JPEG, by component. */
export function blocksOf(jpeg: Uint8Array): Blocks[] {
  try {
    return copyOut(decodeCoefficients(jpeg, readSegments(jpeg, STANDARD_TABLES)));
  } finally {
    release();
  }
}

/** Defects in a JPEG's data. */
export function damageOf(jpeg: Uint8Array): Damage {
  try {
    return decodeCoefficients(jpeg, readSegments(jpeg, STANDARD_TABLES)).damage;
  } finally {
    release();
  }
}

/**
 * Decodes and encodes a JPEG, whatever the resulting size.
 *
 * @param quality Default: the JPEG's own tables.
 */
export function reencode(
  jpeg: Uint8Array,
  quality: Quality = "source",
  filter: Filter = "none",
): Uint8Array<ArrayBuffer> {
  try {
    const segments = readSegments(jpeg, STANDARD_TABLES);
    return encode(decodeCoefficients(jpeg, segments), quality, filter);
  } finally {
    release();
  }
}

/** Encodes blocks unchanged. */
export function jpegOf(
  { width, height, shapes, blocks }: {
    readonly width: number;
    readonly height: number;
    readonly shapes: readonly GridShape[];
    readonly blocks: readonly Blocks[];
  },
): Uint8Array<ArrayBuffer> {
  try {
    const components = allocateGrids(width, height, shapes);
    const list = allocate(blocks.flat().length * 63 * 4);
    const entries: number[] = [];
    components.forEach(({ grid, dc, across, down }, c) => {
      const [, , , starts, counts] = wordsAt(grid, 5);
      for (let block = 0; block < across * down; block++) {
        const values = blocks[c][block];
        const first = entries.length;
        for (let k = 1; k < 64; k++) if (values[k] !== 0) entries.push(values[k] << 16 | k);
        shortsAt(dc, across * down)[block] = values[0];
        wordsAt(starts, across * down)[block] = first;
        bytesAt(counts, across * down)[block] = entries.length - first;
      }
    });
    wordsAt(list, entries.length).set(entries);
    return encode({ width, height, components, list, used: entries.length }, "source", "none");
  } finally {
    release();
  }
}

function encode(
  coefficients: Coefficients,
  quality: Quality,
  filter: Filter,
): Uint8Array<ArrayBuffer> {
  const tables = coefficients.components.map(({ quantization }) => quantization);
  const plan = planEncoding(coefficients, tables, quality, filter);
  return encodeJpeg(plan, coefficients, 1, []);
}

function copyOut({ components, list, used }: Coefficients): Blocks[] {
  const entries = wordsAt(list, used);
  return components.map(({ grid, dc, across, down }) => {
    const [, , , starts, counts] = wordsAt(grid, 5);
    const values = shortsAt(dc, across * down);
    const start = wordsAt(starts, across * down);
    const count = bytesAt(counts, across * down);
    return Array.from(values, (mean, block) => {
      const coefficients = new Int16Array(64);
      coefficients[0] = mean;
      for (const entry of entries.subarray(start[block], start[block] + count[block])) {
        coefficients[entry & 63] = entry >> 16;
      }
      return coefficients;
    });
  });
}
