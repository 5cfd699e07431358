/**
 * The compiled hot loops (kernel/kernel.c) and their memory. Each thread has one of each, so code
 * that allocates must finish with {@linkcode release} before it awaits anything.
 */
import * as kernel from "./kernel.wasm";
import { CorruptJpegError } from "../../errors.ts";
import { STANDARD_TABLES } from "./huffman.ts";
import type { HuffmanSpec } from "./segments.ts";

/**
 * Removes stuffed zeros from entropy-coded data and splits it at its restart markers. Returns how many
 * intervals it found.
 */
export const unstuff: (
  data: number,
  length: number,
  clean: number,
  intervals: number,
  capacity: number,
) => number = kernel.unstuff;

/** Huffman-decodes a scan and appends to `list`. Returns the list's new end. */
export const decode_scan: (scan: number, list: number, used: number) => number = kernel.decode_scan;

/** Makes the half-size grid of a component and appends to `made`. Returns that list's new end. */
export const halve: (half: number, list: number, made: number, used: number) => number =
  kernel.halve;

/** Transforms the pixels of one row of MCUs and appends to `list`. Returns the list's new end. */
export const transform_row: (
  plan: number,
  pixels: number,
  rows: number,
  y: number,
  list: number,
  used: number,
) => number = kernel.transform_row;

/** Requantises and Huffman-encodes a scan. Returns its length, or 0 if `capacity` might not suffice. */
export const encode: (plan: number, list: number, out: number, capacity: number) => number =
  kernel.encode;

const PAGE = 65536;

/** Follows every allocation, twice. A kernel that writes out of bounds overwrites it. */
const CANARY = 0x5ca1ab1e;
const CANARY_BYTES = 8;

/** The kernel wrote out of bounds, so nothing in its memory can be trusted now. */
export class KernelOverrunError extends Error {}

let top = kernel.heap_start();

/** Pointers to the canaries of all current allocations. */
const canaries: number[] = [];

/**
 * Allocates space in the kernel's memory until {@linkcode release}. Its bytes are arbitrary.
 *
 * @throws {RangeError} The memory cannot grow by so much.
 */
export function allocate(bytes: number): number {
  const pointer = top;
  const canary = pointer + Math.ceil(bytes / 8) * 8;
  const missing = canary + CANARY_BYTES - buffer().byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE));
  top = canary + CANARY_BYTES;
  canaries.push(canary);
  wordsAt(canary, CANARY_BYTES / 4).fill(CANARY);
  return pointer;
}

/** Frees everything from `start` on, and checks its canaries. */
function free(start: number): void {
  top = start;
  let isSound = true;
  while (canaries.length > 0 && canaries[canaries.length - 1] >= start) {
    const words = wordsAt(canaries.pop()!, CANARY_BYTES / 4);
    isSound &&= words.every((word) => word === CANARY);
  }
  if (!isSound) throw new KernelOverrunError("The JPEG kernel wrote beyond its memory");
}

/** Returns the kernel's memory. Its type allows memory shared between threads, which this is not. */
function buffer(): ArrayBuffer {
  return kernel.memory.buffer as ArrayBuffer;
}

/**
 * Frees what `run` allocates as soon as it returns, so that the next allocation finds it in the cache.
 *
 * @throws {KernelOverrunError} The kernel wrote out of bounds.
 */
export function borrowing<T>(run: () => T): T {
  const start = top;
  try {
    return run();
  } finally {
    free(start);
  }
}

/** Returns a view of bytes. It is invalid after the next `allocate`, which may move the memory. */
export function bytesAt(pointer: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer(), pointer, length);
}

/** Returns a view of 16-bit numbers, valid as long as that of {@linkcode bytesAt}. */
export function shortsAt(pointer: number, length: number): Int16Array {
  return new Int16Array(buffer(), pointer, length);
}

/** Returns a view of 32-bit numbers, valid as long as that of {@linkcode bytesAt}. */
export function wordsAt(pointer: number, length: number): Int32Array {
  return new Int32Array(buffer(), pointer, length);
}

/** Allocates a structure of 32-bit fields. Returns a pointer to it. */
export function place(...fields: readonly number[]): number {
  const pointer = allocate(fields.length * 4);
  wordsAt(pointer, fields.length).set(fields);
  return pointer;
}

function placeBytes(bytes: Uint8Array): number {
  const pointer = allocate(bytes.length);
  bytesAt(pointer, bytes.length).set(bytes);
  return pointer;
}

/**
 * Builds the look-up tables to decode with. Returns a pointer to them.
 *
 * @throws {CorruptJpegError} The table has impossible codes.
 */
export function placeDecoder({ counts, symbols }: HuffmanSpec, kind: "dc" | "ac"): number {
  const pointer = allocate(kernel.decoder_size());
  const isAc = kind === "ac" ? 1 : 0;
  if (kernel.make_decoder(pointer, placeBytes(counts), placeBytes(symbols), isAc) === 0) {
    throw new CorruptJpegError("Cannot decode JPEG: a Huffman table contradicts the standard");
  }
  return pointer;
}

function placeEncoder(key: number): number {
  const { counts, symbols } = STANDARD_TABLES.get(key)!;
  const pointer = allocate(kernel.encoder_size());
  kernel.make_encoder(pointer, placeBytes(counts), placeBytes(symbols));
  return pointer;
}

/** The standard tables to encode with: for luminance and for chrominance. */
export const ENCODERS = [
  { dc: placeEncoder(0x00), ac: placeEncoder(0x10) },
  { dc: placeEncoder(0x01), ac: placeEncoder(0x11) },
] as const;

const bottom = top;

/**
 * Frees everything that was allocated for a frame.
 *
 * @throws {KernelOverrunError} The kernel wrote out of bounds.
 */
export function release(): void {
  free(bottom);
}
