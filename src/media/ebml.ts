import { concat } from "./jpeg/concat.ts";

/** The length of an element whose end is not known yet (RFC 8794 section 6.2), in eight bytes. */
export const UNKNOWN_LENGTH: Uint8Array<ArrayBuffer> = Uint8Array.of(1, ...Array(7).fill(0xff));

/** Encodes an element (RFC 8794) with four bytes of length: below 256 MiB. */
export function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // A length of four bytes, the first of which has its marker bit.
  const size = numberBytes(0x1000_0000 + length);
  return concat(numberBytes(id), size, ...parts);
}

/** Returns the bytes of a number, the highest first, without leading zeros. */
export function numberBytes(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  do {
    bytes.unshift(value % 256);
    value = Math.floor(value / 256);
  } while (value > 0);
  return Uint8Array.from(bytes);
}

/** Encodes a number as 64 bits, so that it can be overwritten by any other. */
export function longNumber(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Encodes a number of 64 bits with a fraction. */
export function floatNumber(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** Encodes the length of an element in eight bytes, so that it can be overwritten by any other. */
export function longLength(length: number): Uint8Array<ArrayBuffer> {
  const bytes = longNumber(length);
  bytes[0] = 1;
  return bytes;
}

/** Returns the number that bytes stand for, the highest first. */
export function readNumber(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The head of an element. */
export interface ElementHead {
  /** Its id, with its length marker. */
  readonly id: number;
  /** Bytes of its id and length. */
  readonly headBytes: number;
  /** Bytes of its contents; `null` if that is not known. */
  readonly length: number | null;
}

/** Bytes that suffice to read the head of any element. */
export const MAX_ELEMENT_HEAD_BYTES = 12;

/** Reads the head of an element; returns `null` if the bytes are none. */
export function readElementHead(bytes: Uint8Array): ElementHead | null {
  const idBytes = bytes.length === 0 ? 9 : Math.clz32(bytes[0]) - 23;
  if (idBytes > 4 || bytes.length <= idBytes) return null;
  const lengthBytes = Math.clz32(bytes[idBytes]) - 23;
  const headBytes = idBytes + lengthBytes;
  if (lengthBytes > 8 || bytes.length < headBytes) return null;
  const id = readNumber(bytes.subarray(0, idBytes));
  const first = bytes[idBytes] & (0x7f >> (lengthBytes - 1));
  const rest = bytes.subarray(idBytes + 1, headBytes);
  const isUnknown = first === (0x7f >> (lengthBytes - 1)) && rest.every((byte) => byte === 0xff);
  const length = rest.reduce((sum, byte) => sum * 256 + byte, first);
  if (!isUnknown && !Number.isSafeInteger(length)) return null;
  return { id, headBytes, length: isUnknown ? null : length };
}
