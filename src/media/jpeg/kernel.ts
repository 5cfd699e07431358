/**
 * The compiled hot loops (kernel/kernel.c) and their memory. There is one of each in a thread; who
 * uses them does so from start to end without giving control away.
 */
import * as kernel from "./kernel.wasm";
import { CorruptJpegError } from "../../errors.ts";
import { STANDARD_TABLES } from "./huffman.ts";
import type { HuffmanSpec } from "./segments.ts";

export { decode_scan, encode, halve, transform_row, unstuff };
const { decode_scan, encode, halve, transform_row, unstuff } = kernel;

const PAGE = 65536;

/** Follows every allocation, twice. A kernel that writes beyond its space destroys it. */
const CANARY = 0x5ca1ab1e;
const CANARY_BYTES = 8;

/** The kernel wrote beyond the space it was given; nothing in its memory can be trusted any more. */
export class KernelOverrunError extends Error {}

let top = kernel.heap_start();

/** Pointers to the canaries of all allocations that are in use. */
const canaries: number[] = [];

/**
 * Returns space in the kernel's memory that is free again after `release()`; its bytes are arbitrary.
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

/** Frees all that was allocated since `top` was there. */
function free(start: number): void {
  top = start;
  let isSound = true;
  while (canaries.length > 0 && canaries[canaries.length - 1] >= start) {
    const words = wordsAt(canaries.pop()!, CANARY_BYTES / 4);
    isSound &&= words.every((word) => word === CANARY);
  }
  if (!isSound) throw new KernelOverrunError("The JPEG kernel wrote beyond its memory");
}

/** The library's types take a memory for one that may be shared between threads; this one is not. */
function buffer(): ArrayBuffer {
  return kernel.memory.buffer as ArrayBuffer;
}

/**
 * Frees what `run` allocates as soon as it is done, so that the next one finds it in the cache.
 *
 * @throws {KernelOverrunError}
 */
export function borrowing<T>(run: () => T): T {
  const start = top;
  try {
    return run();
  } finally {
    free(start);
  }
}

/** Views are void after the next `allocate`, which may move the memory. */
export function bytesAt(pointer: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer(), pointer, length);
}

export function shortsAt(pointer: number, length: number): Int16Array {
  return new Int16Array(buffer(), pointer, length);
}

export function wordsAt(pointer: number, length: number): Int32Array {
  return new Int32Array(buffer(), pointer, length);
}

/** Puts a structure of 32-bit fields into memory. */
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
 * Returns a pointer to the look-up tables to decode with.
 *
 * @throws {CorruptJpegError} The table has codes that cannot be.
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

/** The standard tables to encode with: those of luminance, those of chrominance. */
export const ENCODERS = [
  { dc: placeEncoder(0x00), ac: placeEncoder(0x10) },
  { dc: placeEncoder(0x01), ac: placeEncoder(0x11) },
] as const;

const bottom = top;

/**
 * Frees all that was allocated for a frame.
 *
 * @throws {KernelOverrunError}
 */
export function release(): void {
  free(bottom);
}
