import assert from "node:assert/strict";

/** A box of an MP4. */
export interface Box {
  readonly type: string;
  /** Where it begins. */
  readonly at: number;
  readonly contents: Uint8Array;
}

/** Reads the boxes that follow one another; fails if anything is left over. */
export function boxesOf(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const boxes: Box[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = view.getUint32(at);
    assert(length >= 8 && at + length <= bytes.length, `a box of ${length} bytes at ${at}`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ type, at, contents: bytes.subarray(at + 8, at + length) });
    at += length;
  }
  return boxes;
}

/** Returns the contents of a box within boxes: `moov/trak/tkhd`, the first one of each. */
export function contentsOf(bytes: Uint8Array, path: string): Uint8Array {
  return path.split("/").reduce((contents, type) => {
    const box = boxesOf(contents).find((box) => box.type === type);
    assert(box, `no ${type} of ${path}`);
    return box.contents;
  }, bytes);
}

/** Returns the numbers of 32 bits in a box. */
export function numbersOf(contents: Uint8Array): number[] {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length);
  return Array.from({ length: contents.length >> 2 }, (_, i) => view.getUint32(4 * i));
}
