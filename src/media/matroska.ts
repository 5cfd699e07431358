import { element, numberBytes, UNKNOWN_LENGTH } from "./ebml.ts";
import { concat } from "./jpeg/concat.ts";
import type { Size } from "./jpeg/size.ts";
import { TRACK } from "./matroska_clusters.ts";
import { encodeOpusHead } from "./ogg/opus_headers.ts";
import { OPUS_RATE } from "./opus.ts";

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
  codecPrivate: 0x63a2,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

/** Of a timestamp: a millisecond, in nanoseconds. */
const MILLISECOND = 1_000_000;

const APP = new TextEncoder().encode("livestream");

/** What Matroska says about a track of Opus. */
export interface MatroskaSound {
  /** The most channels that a packet has. */
  readonly channels: 1 | 2;
}

/**
 * Returns the head of an endless Matroska stream of JPEGs (RFC 9559).
 *
 * @param size The size of the frames.
 * @param fps About how many there are a second; an encoder bases its rate control on it.
 * @param sound The track of sound; absent for none.
 */
export function matroskaHead(
  { width, height }: Size,
  fps: number,
  sound?: MatroskaSound,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const pictures = trackEntry(
    TRACK.pictures,
    element(ID.codecId, text.encode("V_MJPEG")),
    element(ID.defaultDuration, numberBytes(Math.round(1000 * MILLISECOND / fps))),
    element(
      ID.video,
      element(ID.pixelWidth, numberBytes(width)),
      element(ID.pixelHeight, numberBytes(height)),
    ),
  );
  return concat(
    element(ID.ebml, element(ID.docType, text.encode("matroska"))),
    numberBytes(ID.segment),
    UNKNOWN_LENGTH,
    element(
      ID.info,
      element(ID.timestampScale, numberBytes(MILLISECOND)),
      element(ID.muxingApp, APP),
      element(ID.writingApp, APP),
    ),
    element(ID.tracks, pictures, ...sound ? [soundEntry(sound)] : []),
  );
}

/**
 * Returns a frame as a cluster of its own, which a reader can use at once.
 *
 * @param timestamp Whole milliseconds.
 */
export function matroskaFrame(jpeg: Uint8Array, timestamp: number): Uint8Array<ArrayBuffer> {
  return cluster(TRACK.pictures, jpeg, timestamp);
}

/**
 * Returns a packet of Opus as a cluster of its own. Packets and frames come in the order of their times.
 *
 * @param timestamp Whole milliseconds.
 */
export function matroskaSound(opus: Uint8Array, timestamp: number): Uint8Array<ArrayBuffer> {
  return cluster(TRACK.sound, opus, timestamp);
}

function trackEntry(track: number, ...own: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const number = numberBytes(track);
  return element(
    ID.trackEntry,
    element(ID.trackNumber, number),
    element(ID.trackUid, number),
    element(ID.trackType, number),
    ...own,
  );
}

function soundEntry({ channels }: MatroskaSound): Uint8Array<ArrayBuffer> {
  const rate = new DataView(new ArrayBuffer(4));
  rate.setFloat32(0, OPUS_RATE);
  return trackEntry(
    TRACK.sound,
    element(ID.codecId, new TextEncoder().encode("A_OPUS")),
    element(ID.codecPrivate, encodeOpusHead({ channels, preSkip: 0 })),
    element(
      ID.audio,
      element(ID.samplingFrequency, new Uint8Array(rate.buffer)),
      element(ID.channels, numberBytes(channels)),
    ),
  );
}

/** Returns a cluster with one block: no time after its cluster's, a key frame. */
function cluster(track: number, data: Uint8Array, timestamp: number): Uint8Array<ArrayBuffer> {
  return element(
    ID.cluster,
    element(ID.timestamp, numberBytes(timestamp)),
    element(ID.simpleBlock, Uint8Array.of(0x80 | track, 0, 0, 0x80), data),
  );
}
