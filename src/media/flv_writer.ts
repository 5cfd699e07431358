import type { FlvSound, FlvVideo } from "./flv.ts";

/** Bytes before a tag's data and behind it (Adobe's FLV specification 10.1, section E.4). */
const TAG_HEAD_BYTES = 11;
const TAG_END_BYTES = 4;

/** The longest data of a tag, whose length has three bytes. */
const MAX_DATA_BYTES = 0xff_ffff;

const SOUND = 8;
const VIDEO = 9;

/** The first byte of video: AVC, and whether it is a key frame. */
const KEY = 0x17;
const DELTA = 0x27;

/** The first byte of sound: AAC, and rate, size and channels as AAC always has them there. */
const AAC = 0xaf;

/** The second byte of either, then three bytes of composition time for video. */
const CONFIGURATION = 0;
const SAMPLE = 1;

/** Returns the head of a file with sound and video, which stands before its first tag. */
export function flvHead(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, 0b101, 0, 0, 0, 9, 0, 0, 0, 0);
}

/**
 * Encodes one tag, as `FlvReader` reads it. Configurations get the timestamp 0, and video the composition time 0:
 * its frames are shown in the order in which they are encoded.
 *
 * @throws {RangeError} It is longer than a tag can be.
 */
export function encodeFlvTag(item: FlvVideo | FlvSound): Uint8Array<ArrayBuffer> {
  switch (item.kind) {
    case "configuration":
      return encodeTag(VIDEO, 0, [KEY, CONFIGURATION, 0, 0, 0], item.record);
    case "sample":
      return encodeTag(
        VIDEO,
        item.timestamp,
        [item.isKey ? KEY : DELTA, SAMPLE, 0, 0, 0],
        item.data,
      );
    case "sound configuration":
      return encodeTag(SOUND, 0, [AAC, CONFIGURATION], item.record);
    case "sound sample":
      return encodeTag(SOUND, item.timestamp, [AAC, SAMPLE], item.data);
  }
}

function encodeTag(
  type: number,
  timestamp: number,
  head: readonly number[],
  carried: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const size = head.length + carried.length;
  if (size > MAX_DATA_BYTES) throw new RangeError(`An FLV tag would be too long: ${size} bytes`);
  const end = TAG_HEAD_BYTES + size;
  const tag = new Uint8Array(end + TAG_END_BYTES);
  const view = new DataView(tag.buffer);
  view.setUint32(0, type << 24 | size);
  // Its upper 8 bits stand behind the lower 24.
  view.setUint32(4, (timestamp << 8 | timestamp >>> 24 & 0x7f) >>> 0);
  tag.set(head, TAG_HEAD_BYTES);
  tag.set(carried, TAG_HEAD_BYTES + head.length);
  view.setUint32(end, end);
  return tag;
}
