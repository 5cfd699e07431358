import { checksumOf } from "./checksum.ts";

/** The most bytes that a page can have: its header, 255 lengths, and 255 segments of 255 bytes. */
export const MAX_PAGE_BYTES: number = 27 + 255 + 255 * 255;

/** A page ends no packet. */
const NO_GRANULE = 0xffff_ffff_ffff_ffffn;

const CAPTURE = [0x4f, 0x67, 0x67, 0x53]; // OggS
const HEADER_BYTES = 27;
const CHECKSUM_AT = 22;
const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;

/** One page of an Ogg stream (RFC 3533 section 6). */
export interface Page {
  /** Whether its first segments end a packet that began on an earlier page. */
  readonly isContinued: boolean;
  /** Whether it begins a logical stream. */
  readonly isFirst: boolean;
  /** Whether it ends a logical stream. */
  readonly isLast: boolean;
  /** The position at the end of the last packet that ends on it; `null` if none does. */
  readonly granule: bigint | null;
  /** Names its logical stream. */
  readonly serial: number;
  /** Counts the pages of its logical stream. */
  readonly sequence: number;
  /** The length of each segment. A packet ends with the first one shorter than 255 bytes. */
  readonly lengths: Uint8Array;
  /** All segments. */
  readonly body: Uint8Array;
}

/** Returns where the next page may begin, at `from` or later; the bytes before it are none of a page. */
export function pageStart(bytes: Uint8Array, from: number): number {
  for (let at = from;; at++) {
    at = bytes.indexOf(CAPTURE[0], at);
    if (at < 0) return bytes.length;
    if (CAPTURE.every((byte, index) => at + index >= bytes.length || bytes[at + index] === byte)) {
      return at;
    }
  }
}

/**
 * Reads the page at the beginning of these bytes, without copying it.
 *
 * @returns The page and its length; `incomplete` if its end is missing; `damaged` if it is no page.
 */
export function readPage(
  bytes: Uint8Array,
): { readonly page: Page; readonly length: number } | "incomplete" | "damaged" {
  if (bytes.length < HEADER_BYTES) return "incomplete";
  const [version, flags] = bytes.subarray(4);
  if (version !== 0 || flags > (CONTINUED | FIRST | LAST)) return "damaged";
  const segments = bytes[HEADER_BYTES - 1];
  const bodyAt = HEADER_BYTES + segments;
  if (bytes.length < bodyAt) return "incomplete";
  const lengths = bytes.subarray(HEADER_BYTES, bodyAt);
  const length = lengths.reduce((sum, segment) => sum + segment, bodyAt);
  if (bytes.length < length) return "incomplete";
  const whole = bytes.subarray(0, length);
  const view = new DataView(whole.buffer, whole.byteOffset, length);
  if (view.getUint32(CHECKSUM_AT, true) !== pageChecksum(whole)) return "damaged";
  const granule = view.getBigUint64(6, true);
  const page = {
    isContinued: (flags & CONTINUED) !== 0,
    isFirst: (flags & FIRST) !== 0,
    isLast: (flags & LAST) !== 0,
    granule: granule === NO_GRANULE ? null : granule,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    lengths,
    body: whole.subarray(bodyAt),
  };
  return { page, length };
}

/** What {@linkcode encodePage} makes a page of. */
export interface PageOptions extends Pick<Page, "serial" | "sequence"> {
  /** Whether it begins its logical stream. */
  readonly isFirst: boolean;
  /** The position at the end of the packet. */
  readonly granule: number;
}

/**
 * Encodes a page of one whole packet.
 *
 * @param packet Less than 255 × 255 bytes.
 */
export function encodePage(
  packet: Uint8Array,
  { isFirst, granule, serial, sequence }: PageOptions,
): Uint8Array<ArrayBuffer> {
  const full = Math.floor(packet.length / 255);
  const bodyAt = HEADER_BYTES + full + 1;
  const page = new Uint8Array(bodyAt + packet.length);
  const view = new DataView(page.buffer);
  page.set(CAPTURE);
  page[5] = isFirst ? FIRST : 0;
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  page[HEADER_BYTES - 1] = full + 1;
  page.fill(255, HEADER_BYTES, bodyAt - 1);
  page[bodyAt - 1] = packet.length % 255;
  page.set(packet, bodyAt);
  view.setUint32(CHECKSUM_AT, checksumOf(page), true);
  return page;
}

const NO_CHECKSUM = new Uint8Array(4);

/** Returns the checksum of a page, in which the checksum itself counts as zeros. */
function pageChecksum(page: Uint8Array): number {
  const before = checksumOf(page.subarray(0, CHECKSUM_AT));
  return checksumOf(page.subarray(CHECKSUM_AT + 4), checksumOf(NO_CHECKSUM, before));
}
