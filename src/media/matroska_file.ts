import { concat } from "./jpeg/concat.ts";
import type { Size } from "./jpeg/size.ts";
import {
  element,
  floatNumber,
  longLength,
  longNumber,
  numberBytes,
  UNKNOWN_LENGTH,
} from "./ebml.ts";
import { CUES_ID, TRACK } from "./matroska_clusters.ts";
import { encodeOpusHead } from "./ogg/opus_headers.ts";
import { OPUS_RATE } from "./opus.ts";

/** Element ids (RFC 9559), with their length markers. */
const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  seekPreRoll: 0x56bb,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
} as const;

/** Of a timestamp: a millisecond, in nanoseconds. */
const MILLISECOND = 1_000_000;

/** How much sound a decoder of Opus needs before it is right (RFC 7845 section 4.6). Nanoseconds. */
const OPUS_PRE_ROLL = 80 * MILLISECOND;

const text = new TextEncoder();
const APP = text.encode("livestream");

/** What the head of a file describes. */
export interface MatroskaFileOptions {
  /** The size of its JPEGs. */
  readonly size: Size;
  /** Whether it has sound: Opus. */
  readonly hasSound: boolean;
}

/** What is only known at the end of a file. */
export interface MatroskaEnding {
  /** Bytes from the beginning of the first cluster's file to its end, with the cues. */
  readonly fileBytes: number;
  /** Where the cues begin in the file. */
  readonly cuesAt: number;
  /** Milliseconds. */
  readonly duration: number;
}

const EBML_HEAD = element(
  ID.ebml,
  element(ID.docType, text.encode("matroska")),
  element(ID.docTypeVersion, numberBytes(4)),
  element(ID.docTypeReadVersion, numberBytes(2)),
);

/** Where the contents of the segment begin; positions in the file count from there. */
export const SEGMENT_CONTENTS: number = EBML_HEAD.length + 4 + UNKNOWN_LENGTH.length;

/** Returns the parts of the head that change at the end of a file; always the same number of bytes. */
function changingHead(ending: MatroskaEnding | null): Uint8Array<ArrayBuffer> {
  const length = ending === null ? UNKNOWN_LENGTH : longLength(ending.fileBytes - SEGMENT_CONTENTS);
  const seek = (id: number, position: number) =>
    element(
      ID.seek,
      element(ID.seekId, numberBytes(id)),
      element(ID.seekPosition, longNumber(position)),
    );
  // Until there are cues, the entry leads to the description.
  const cues = ending === null ? seek(ID.info, 0) : seek(CUES_ID, ending.cuesAt - SEGMENT_CONTENTS);
  return concat(
    EBML_HEAD,
    numberBytes(ID.segment),
    length,
    element(
      ID.info,
      element(ID.timestampScale, numberBytes(MILLISECOND)),
      element(ID.duration, floatNumber(ending?.duration ?? 0)),
      element(ID.muxingApp, APP),
      element(ID.writingApp, APP),
    ),
    element(ID.seekHead, cues),
  );
}

/** Bytes of the head that {@linkcode matroskaFileEnding} overwrites. */
const CHANGING_BYTES = changingHead(null).length;

/** Returns the head of a file of JPEGs and Opus (RFC 9559), which plays although it has no end yet. */
export function matroskaFileHead(
  { size: { width, height }, hasSound }: MatroskaFileOptions,
): Uint8Array<ArrayBuffer> {
  const pictures = element(
    ID.trackEntry,
    element(ID.trackNumber, numberBytes(TRACK.pictures)),
    element(ID.trackUid, numberBytes(TRACK.pictures)),
    element(ID.trackType, numberBytes(TRACK.pictures)),
    element(ID.flagLacing, numberBytes(0)),
    element(ID.codecId, text.encode("V_MJPEG")),
    element(
      ID.video,
      element(ID.pixelWidth, numberBytes(width)),
      element(ID.pixelHeight, numberBytes(height)),
    ),
  );
  const sound = element(
    ID.trackEntry,
    element(ID.trackNumber, numberBytes(TRACK.sound)),
    element(ID.trackUid, numberBytes(TRACK.sound)),
    element(ID.trackType, numberBytes(TRACK.sound)),
    element(ID.flagLacing, numberBytes(0)),
    element(ID.codecId, text.encode("A_OPUS")),
    element(ID.codecPrivate, encodeOpusHead({ channels: 2, preSkip: 0 })),
    element(ID.seekPreRoll, numberBytes(OPUS_PRE_ROLL)),
    element(
      ID.audio,
      element(ID.samplingFrequency, floatNumber(OPUS_RATE)),
      element(ID.channels, numberBytes(2)),
    ),
  );
  return concat(
    changingHead(null),
    element(ID.tracks, ...hasSound ? [pictures, sound] : [pictures]),
  );
}

/** Returns the bytes that replace the first ones of a file when its end is known. */
export function matroskaFileEnding(ending: MatroskaEnding): Uint8Array<ArrayBuffer> {
  return changingHead(ending);
}

/** What the head of a file of ours says. */
export interface MatroskaFileState {
  /** Milliseconds; 0 while the file has no end. */
  readonly duration: number;
  /** Where the description of the tracks begins. */
  readonly tracksAt: number;
}

/** Reads the head of a file; returns `null` if it is none of ours. */
export function readMatroskaFile(head: Uint8Array): MatroskaFileState | null {
  const ours = changingHead(null);
  if (head.length < CHANGING_BYTES) return null;
  // The duration is the only long number in the description.
  const infoStart = SEGMENT_CONTENTS;
  const durationAt = infoStart + 8 + 3 + 4 + 3 + 2 + 4;
  const isOurs = ours.every((byte, index) =>
    byte === head[index] ||
    (index >= SEGMENT_CONTENTS - 8 && index < SEGMENT_CONTENTS) ||
    (index >= durationAt && index < durationAt + 8) ||
    index >= CHANGING_BYTES - 30
  );
  if (!isOurs) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return { duration: view.getFloat64(durationAt), tracksAt: CHANGING_BYTES };
}
