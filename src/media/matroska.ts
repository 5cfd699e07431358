import { concat } from "./jpeg/concat.ts";
import type { Size } from "./jpeg/size.ts";

/** Element ids (RFC 9559), with their length markers. */
const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

/** A size that is not known until the end (RFC 8794 section 6.2). */
const UNKNOWN_SIZE = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

/** Of a timestamp: a millisecond, in nanoseconds. */
const MILLISECOND = 1_000_000;

/** Of a block: track 1, no time after its cluster's, a key frame. */
const BLOCK_HEAD = Uint8Array.of(0x81, 0, 0, 0x80);

const APP = new TextEncoder().encode("livestream");

/**
 * Returns the head of an endless Matroska stream of JPEGs (RFC 9559).
 *
 * @param size The size of the frames.
 * @param fps About how many there are a second; an encoder bases its rate control on it.
 */
export function matroskaHead({ width, height }: Size, fps: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const entry = [
    element(ID.trackNumber, numberBytes(1)),
    element(ID.trackUid, numberBytes(1)),
    element(ID.trackType, numberBytes(1)),
    element(ID.codecId, text.encode("V_MJPEG")),
    element(ID.defaultDuration, numberBytes(Math.round(1000 * MILLISECOND / fps))),
    element(
      ID.video,
      element(ID.pixelWidth, numberBytes(width)),
      element(ID.pixelHeight, numberBytes(height)),
    ),
  ];
  return concat(
    element(ID.ebml, element(ID.docType, text.encode("matroska"))),
    numberBytes(ID.segment),
    UNKNOWN_SIZE,
    element(
      ID.info,
      element(ID.timestampScale, numberBytes(MILLISECOND)),
      element(ID.muxingApp, APP),
      element(ID.writingApp, APP),
    ),
    element(ID.tracks, element(ID.trackEntry, ...entry)),
  );
}

/**
 * Returns a frame as a cluster of its own, which a reader can use at once.
 *
 * @param timestamp Whole milliseconds.
 */
export function matroskaFrame(jpeg: Uint8Array, timestamp: number): Uint8Array<ArrayBuffer> {
  return element(
    ID.cluster,
    element(ID.timestamp, numberBytes(timestamp)),
    element(ID.simpleBlock, BLOCK_HEAD, jpeg),
  );
}

function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // A length of four bytes, the first of which has its marker bit.
  const size = numberBytes(0x1000_0000 + length);
  return concat(numberBytes(id), size, ...parts);
}

/** Returns the bytes of a number, the highest first, without leading zeros. */
function numberBytes(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  do {
    bytes.unshift(value % 256);
    value = Math.floor(value / 256);
  } while (value > 0);
  return Uint8Array.from(bytes);
}
