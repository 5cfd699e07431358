/** A box inside some bytes (ISO/IEC 14496-12 section 4.2). */
export interface BoxRange {
  /** Its four characters. */
  readonly type: string;
  /** Where it begins. */
  readonly start: number;
  /** Where its contents begin. */
  readonly contents: number;
  /** Where it ends. */
  readonly end: number;
}

/** Bytes that suffice to read the head of any box. */
export const MAX_BOX_HEAD_BYTES = 16;

const HEAD_BYTES = 8;

/** A length of 1 means that 64 bits of length follow the type. */
const LONG = 1;

/**
 * Reads the head of a box.
 *
 * @param at Where the box begins, in the coordinates of the result.
 * @returns `null` if the bytes are no such head.
 */
export function readBoxHead(bytes: Uint8Array, at: number): BoxRange | null {
  if (bytes.length < HEAD_BYTES) return null;
  const view = viewOf(bytes);
  const type = String.fromCharCode(...bytes.subarray(4, HEAD_BYTES));
  const short = view.getUint32(0);
  if (short !== LONG) {
    return short < HEAD_BYTES
      ? null
      : { type, start: at, contents: at + HEAD_BYTES, end: at + short };
  }
  if (bytes.length < MAX_BOX_HEAD_BYTES) return null;
  const length = view.getUint32(8) * 2 ** 32 + view.getUint32(12);
  if (length < MAX_BOX_HEAD_BYTES || !Number.isSafeInteger(at + length)) return null;
  return { type, start: at, contents: at + MAX_BOX_HEAD_BYTES, end: at + length };
}

/** Returns the boxes that stand one after another in a range of bytes, up to the first that is not whole. */
export function readBoxes(bytes: Uint8Array, from = 0, to: number = bytes.length): BoxRange[] {
  const boxes: BoxRange[] = [];
  for (let at = from; at < to;) {
    const box = readBoxHead(bytes.subarray(at, to), at);
    if (box === null || box.end > to) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Returns the first box at a path of types, each inside the one before; `null` if there is none. */
export function findBox(bytes: Uint8Array, ...path: readonly string[]): BoxRange | null {
  let range: BoxRange | null = null;
  for (const type of path) {
    const inside: BoxRange[] = readBoxes(bytes, range?.contents ?? 0, range?.end ?? bytes.length);
    range = inside.find((box) => box.type === type) ?? null;
    if (range === null) return null;
  }
  return range;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
