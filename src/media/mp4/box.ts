import { concat } from "../jpeg/concat.ts";

const HEAD_BYTES = 8;

/** Encodes a box (ISO/IEC 14496-12 section 4.2) with the given contents. */
export function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, part) => sum + part.length, HEAD_BYTES);
  return concat(u32(length), ascii(type), ...contents);
}

/** Encodes a box with version and flags. */
export function fullBox(
  type: string,
  { version = 0, flags = 0 }: { readonly version?: 0 | 1; readonly flags?: number },
  ...contents: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  return box(type, u32(version << 24 | flags), ...contents);
}

/** Encodes text of one byte a character. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Encodes numbers of 16 bits, big-endian. */
export function u16(...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => view.setUint16(2 * index, number));
  return bytes;
}

/** Encodes numbers of 32 bits, big-endian. */
export function u32(...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => view.setUint32(4 * index, number));
  return bytes;
}

/** Encodes a whole number as 64 bits, big-endian. */
export function u64(number: number): Uint8Array<ArrayBuffer> {
  return u32(Math.floor(number / 2 ** 32), number % 2 ** 32);
}
