/** Bytes of the file's head and of the tag size behind it (Adobe's FLV specification 10.1, section E.2). */
const HEAD_BYTES = 9 + 4;

/** Bytes before a tag's data and behind it. */
const TAG_HEAD_BYTES = 11;
const TAG_END_BYTES = 4;

/** The longest tag that is accepted: a key frame of lossless 8K would be longer, nothing else. Bytes. */
const MAX_TAG_BYTES = 8 << 20;

/** The types of tags, in their first byte. */
const SOUND = 8;
const VIDEO = 9;

/** Of a tag's sound, the codec in its first byte; its second byte is as with video. */
const AAC = 10;

/** Of a tag's video, the codec in its first byte, and what its second byte says it carries. */
const AVC = 7;
const CONFIGURATION = 0;
const SAMPLE = 1;

/** Bytes before what a tag of video carries: codec, kind, composition time. */
const VIDEO_HEAD_BYTES = 5;

/** Bytes before what a tag of sound carries: codec, kind. */
const SOUND_HEAD_BYTES = 2;

/** What is read from FLV: the configuration, `avcC`, or an access unit. */
export type FlvVideo =
  | { readonly kind: "configuration"; readonly record: Uint8Array<ArrayBuffer> }
  | {
    readonly kind: "sample";
    /** Milliseconds, modulo 2^31. */
    readonly timestamp: number;
    /** Whether it can be decoded without the samples before it. */
    readonly isKey: boolean;
    /** NAL units, each behind four bytes of length. */
    readonly data: Uint8Array<ArrayBuffer>;
  };

/** The AAC that is read from FLV: the configuration, `AudioSpecificConfig`, or a packet. */
export type FlvSound =
  | { readonly kind: "sound configuration"; readonly record: Uint8Array<ArrayBuffer> }
  | {
    readonly kind: "sound sample";
    /** Milliseconds, modulo 2^31. */
    readonly timestamp: number;
    /** One packet, without a head. */
    readonly data: Uint8Array<ArrayBuffer>;
  };

/** Reads the H.264 and AAC of what ffmpeg writes with `-f flv`, which holds no packet back. */
export class FlvReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #chunks: Uint8Array[] = [];
  /** Bytes in the rest and in the chunks, and how many complete the next element. */
  #length = 0;
  #wanted = HEAD_BYTES;
  #hasBegun = false;

  /**
   * Takes the next bytes, cut anywhere.
   *
   * @returns The video that is complete now.
   * @throws {RangeError} They are not FLV with H.264. The reader cannot be used any more.
   */
  push(chunk: Uint8Array): FlvVideo[] {
    return this.pushAll(chunk).filter(isVideo);
  }

  /**
   * Does as {@linkcode FlvReader.push}.
   *
   * @returns The video and the sound that are complete now, in their order.
   */
  pushAll(chunk: Uint8Array): (FlvVideo | FlvSound)[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // Joins the chunks of a long tag once.
    if (this.#length < this.#wanted) return [];
    const bytes = new Uint8Array(this.#length);
    let end = 0;
    for (const part of [this.#rest, ...this.#chunks]) {
      bytes.set(part, end);
      end += part.length;
    }
    this.#chunks = [];
    const found: (FlvVideo | FlvSound)[] = [];
    let place = 0;
    for (;;) {
      this.#wanted = this.#nextLength(bytes.subarray(place));
      if (place + this.#wanted > bytes.length) break;
      const element = bytes.subarray(place, place += this.#wanted);
      if (!this.#hasBegun) this.#hasBegun = true;
      else if (element.length > TAG_HEAD_BYTES) found.push(...readTag(element));
    }
    this.#rest = bytes.slice(place);
    this.#length = this.#rest.length;
    return found;
  }

  /** Returns how long the next element is, or its head while that is missing. */
  #nextLength(bytes: Uint8Array): number {
    if (!this.#hasBegun) {
      if (bytes.length >= HEAD_BYTES) checkHead(bytes);
      return HEAD_BYTES;
    }
    if (bytes.length < TAG_HEAD_BYTES) return TAG_HEAD_BYTES;
    const size = bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    if (size > MAX_TAG_BYTES) throw new RangeError(`An FLV tag is too long: ${size} bytes`);
    return TAG_HEAD_BYTES + size + TAG_END_BYTES;
  }
}

function checkHead(bytes: Uint8Array): void {
  const isFlv = bytes[0] === 0x46 && bytes[1] === 0x4c && bytes[2] === 0x56;
  // The length of the head, which FLV's only version has fixed.
  if (!isFlv || bytes[3] !== 1 || bytes[8] !== 9) throw new RangeError("This is not FLV");
}

function isVideo(item: FlvVideo | FlvSound): item is FlvVideo {
  return item.kind === "configuration" || item.kind === "sample";
}

function readTag(tag: Uint8Array<ArrayBuffer>): (FlvVideo | FlvSound)[] {
  const end = tag.length - TAG_END_BYTES;
  const size = new DataView(tag.buffer, tag.byteOffset).getUint32(end);
  if (size !== end) throw new RangeError("An FLV tag is damaged");
  const data = tag.subarray(TAG_HEAD_BYTES, end);
  const timestamp = (tag[7] & 0x7f) << 24 | tag[4] << 16 | tag[5] << 8 | tag[6];
  switch (tag[0] & 31) {
    case VIDEO:
      return readVideo(data, timestamp);
    case SOUND:
      return readSound(data, timestamp);
    default:
      return [];
  }
}

function readVideo(data: Uint8Array<ArrayBuffer>, timestamp: number): FlvVideo[] {
  if (data.length < VIDEO_HEAD_BYTES || (data[0] & 15) !== AVC) {
    throw new RangeError("FLV has other video than H.264");
  }
  const carried = data.slice(VIDEO_HEAD_BYTES);
  if (data[1] === CONFIGURATION) return [{ kind: "configuration", record: carried }];
  // Nothing else: the end of the sequence.
  if (data[1] !== SAMPLE) return [];
  return [{ kind: "sample", timestamp, isKey: data[0] >> 4 === 1, data: carried }];
}

function readSound(data: Uint8Array<ArrayBuffer>, timestamp: number): FlvSound[] {
  if (data.length < SOUND_HEAD_BYTES || data[0] >> 4 !== AAC) {
    throw new RangeError("FLV has other sound than AAC");
  }
  const carried = data.slice(SOUND_HEAD_BYTES);
  if (data[1] === CONFIGURATION) return [{ kind: "sound configuration", record: carried }];
  return [{ kind: "sound sample", timestamp, data: carried }];
}
