const MARKER = 0xff;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Larger chunks are taken in steps, so that what is held stays near one frame. */
const STEP_BYTES = 1 << 16;
const DEFAULT_MAX_FRAME_BYTES = 32 << 20;

/** What the bytes at `#at` belong to. */
type Place = "between frames" | "segments" | "scan";

export interface FrameSplitterOptions {
  /** Frames larger than this are dropped. Default: 32 MiB. */
  readonly maxFrameBytes?: number;
}

/**
 * Cuts a stream of JPEGs, one right after another or with anything between, into whole pictures.
 *
 * Marker segments are walked by their lengths (ITU-T T.81 B.1.1.4), so that a thumbnail inside one
 * ends nothing; entropy-coded data is searched for the next marker, each byte once. A picture that
 * contradicts itself, that ends without EOI or that has no frame header or no scan is dropped, and
 * the search for SOI goes on inside of it.
 *
 * @example
 * ```ts
 * const splitter = new FrameSplitter();
 * for await (const chunk of process.stdout) {
 *   for (const jpeg of splitter.push(chunk)) show(jpeg);
 * }
 * ```
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  #buffer = new Uint8Array(2 * STEP_BYTES);
  #place: Place = "between frames";
  /** Bytes before it are done with. Inside of a frame it is where the frame begins. */
  #start = 0;
  /** The next byte to look at; may lie beyond `#end`, when a segment has not fully come. */
  #at = 0;
  /** The end of what was received. */
  #end = 0;
  /** Where to look for the next frame if this one turns out damaged. */
  #resumeAt = 0;
  /** Pictures that begin before it may be thumbnails of a damaged frame. */
  #thumbnailsEnd = 0;
  #scanStart = 0;
  #hasScan = false;
  /** Height and width of the present frame as one number, 0 before its frame header. */
  #size = 0;
  #lastSize = 0;
  #damaged = 0;

  constructor(options: FrameSplitterOptions = {}) {
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /** How many frames were dropped as damaged or too large. */
  get damaged(): number {
    return this.#damaged;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk Of any length; may be reused by the caller afterwards.
   * @returns The frames that became whole with it, oldest first. Each owns its buffer.
   */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; from < chunk.length; from += STEP_BYTES) {
      this.#append(chunk.subarray(from, from + STEP_BYTES));
      this.#parse(frames);
    }
    return frames;
  }

  /** Forgets what was received of an unfinished frame, for a stream that begins anew. */
  reset(): void {
    this.#buffer = new Uint8Array(2 * STEP_BYTES);
    this.#place = "between frames";
    this.#start =
      this.#at =
      this.#end =
      this.#thumbnailsEnd =
        0;
  }

  #append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #makeRoom(length: number): void {
    const held = this.#end - this.#start;
    const old = this.#buffer;
    // At most half full afterwards, so that bytes are seldom moved; but no more than a frame takes.
    const size = Math.min(2 * (held + length), this.#maxFrameBytes + 2 * STEP_BYTES);
    if (size > old.length) {
      this.#buffer = new Uint8Array(size);
      this.#buffer.set(old.subarray(this.#start, this.#end));
    } else {
      old.copyWithin(0, this.#start, this.#end);
    }
    this.#at -= this.#start;
    this.#resumeAt -= this.#start;
    this.#scanStart -= this.#start;
    this.#thumbnailsEnd -= this.#start;
    this.#end = held;
    this.#start = 0;
  }

  #parse(frames: Uint8Array<ArrayBuffer>[]): void {
    const bytes = this.#buffer.subarray(0, this.#end);
    for (;;) {
      const more = this.#place === "scan"
        ? this.#passScan(bytes)
        : this.#place === "segments"
        ? this.#passSegment(bytes, frames)
        : this.#findStart(bytes);
      if (!more) break;
    }
    if (this.#place !== "between frames" && this.#end - this.#start > this.#maxFrameBytes) {
      this.#damaged++;
      this.reset();
    }
  }

  /** Each of these three gives false when it needs more bytes. */
  #findStart(bytes: Uint8Array): boolean {
    let at = this.#at;
    for (;;) {
      at = bytes.indexOf(MARKER, at);
      if (at < 0) at = bytes.length;
      if (at + 2 >= bytes.length) {
        this.#start = this.#at = at;
        return false;
      }
      if (bytes[at + 1] === SOI && bytes[at + 2] === MARKER) break;
      at++;
    }
    this.#start = at;
    this.#at = this.#resumeAt = at + 2;
    this.#place = "segments";
    this.#hasScan = false;
    this.#size = 0;
    return true;
  }

  #passSegment(bytes: Uint8Array, frames: Uint8Array<ArrayBuffer>[]): boolean {
    const at = this.#at;
    if (at + 1 >= bytes.length) return false;
    if (bytes[at] !== MARKER) return this.#drop();
    const marker = bytes[at + 1];
    if (marker === MARKER) { // A fill byte (B.1.1.2).
      this.#at++;
      return true;
    }
    if (marker === EOI) return this.#finish(at + 2, frames);
    const isNoSegment = marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd7);
    if (isNoSegment) return this.#drop();
    // The segment before ended where a marker stands: it was sound.
    this.#resumeAt = at;
    if (marker === SOI) return this.#drop();
    if (at + 3 >= bytes.length) return false;
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    if (length < 2) return this.#drop();
    const next = at + 2 + length;
    if (isOpaque(marker)) {
      this.#resumeAt = at + 2;
      this.#at = next;
      return true;
    }
    if (next + 2 > bytes.length) return false;
    // The frame broke off here, and the bytes of the next one were taken for the segment's rest.
    if (containsStart(bytes.subarray(at, next + 2))) return this.#drop();
    const segment = bytes.subarray(at, next);
    if (marker === SOS) {
      if (this.#size === 0) return this.#drop();
      this.#hasScan = true;
      this.#scanStart = next;
      this.#place = "scan";
    } else if (isFrameHeader(marker)) {
      const size = pictureSize(segment);
      if (this.#size !== 0 || size === 0) return this.#drop();
      this.#size = size;
    }
    this.#at = next;
    return true;
  }

  #passScan(bytes: Uint8Array): boolean {
    let at = this.#at;
    for (;;) {
      at = bytes.indexOf(MARKER, at);
      if (at < 0 || at + 1 >= bytes.length) {
        this.#at = at < 0 ? bytes.length : at;
        return false;
      }
      const next = bytes[at + 1];
      if (next === MARKER) at += 1;
      else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2; // Stuffing, restart markers.
      else break;
    }
    this.#at = this.#resumeAt = at;
    if (at === this.#scanStart) return this.#drop();
    this.#place = "segments";
    return true;
  }

  #finish(end: number, frames: Uint8Array<ArrayBuffer>[]): boolean {
    const mayBeThumbnail = this.#start < this.#thumbnailsEnd && this.#size !== this.#lastSize;
    if (!this.#hasScan || mayBeThumbnail || end - this.#start > this.#maxFrameBytes) {
      this.#resumeAt = end;
      return this.#drop();
    }
    frames.push(this.#buffer.slice(this.#start, end));
    this.#lastSize = this.#size;
    this.#start = this.#at = end;
    this.#place = "between frames";
    return true;
  }

  #drop(): boolean {
    this.#damaged++;
    this.#thumbnailsEnd = Math.max(this.#thumbnailsEnd, this.#at);
    this.#start = this.#at = this.#resumeAt;
    this.#place = "between frames";
    return true;
  }
}

/** Whether the segment holds what its writer likes: APPn, JPGn, COM. */
function isOpaque(marker: number): boolean {
  return marker >= 0xe0;
}

/** Whether it is SOF0 to SOF15; DHT, JPG and DAC are among their codes but are none. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Height and width of a frame header as one number; 0 where it contradicts itself (B.2.2). */
function pictureSize(segment: Uint8Array): number {
  if (segment.length < 10 || segment.length !== 10 + 3 * segment[9]) return 0;
  const height = segment[5] << 8 | segment[6];
  const width = segment[7] << 8 | segment[8];
  return height * width === 0 ? 0 : height * 0x10000 + width;
}

/** No table or header holds these three bytes in a row: its values are far from that large. */
function containsStart(bytes: Uint8Array): boolean {
  let at = bytes.indexOf(MARKER, 2);
  while (at >= 0) {
    if (bytes[at + 1] === SOI && bytes[at + 2] === MARKER) return true;
    at = bytes.indexOf(MARKER, at + 1);
  }
  return false;
}
