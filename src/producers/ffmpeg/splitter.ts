import type { Clock } from "../../clock.ts";
import { isFrameHeader, isInScan, MARKER, MARKER_PREFIX } from "../../media/jpeg/marker.ts";
import { endOfScan } from "../../media/jpeg/scan_end.ts";
import { MAX_PIXELS } from "../../media/jpeg/size.ts";
import { ByteWindow } from "./byte_window.ts";
import { codedSize, pixelsOf } from "./frame_header.ts";
import { MAX_METADATA_BYTES, maxBytesOf } from "./frame_limit.ts";
import { startIn } from "./frame_start.ts";
import { isPacketEnd } from "./packet_end.ts";
import { UnendedFrames } from "./unended_frame.ts";

/** Larger chunks are processed in steps, so that not much more than one frame is held. */
const STEP_BYTES = 1 << 16;

/** What the bytes at `#at` are part of. */
type Place = "between frames" | "segments" | "scan";

/**
 * Splits a byte stream into whole JPEG frames, with or without other bytes between them.
 *
 * Marker segments are skipped by their lengths (ITU-T T.81 B.1.1.4), so that a thumbnail inside one
 * ends nothing; entropy-coded data is searched for the next marker, each byte once. A frame that
 * contradicts itself, or that has no frame header or no scan, is dropped, and the search for SOI goes
 * on inside it. A frame without EOI ends where the next one starts or ffmpeg marks the end of its
 * packet; it is completed with EOI, or dropped if the rest of it is missing.
 *
 * A frame of more than 8K's pixels, or of more bytes than its pixels can need (4 each and 1 MiB, at
 * most 32 MiB; 1 MiB up to its frame header), is parsed to its end too, but not held.
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
  readonly #window = new ByteWindow(2 * STEP_BYTES);
  #place: Place = "between frames";
  /** Bytes before it are not needed any more. While a frame is held, this is its start. */
  #start = 0;
  /** The next byte to parse; beyond the window if a segment has not fully arrived. */
  #at = 0;
  /** Where to search for the next frame if this one turns out damaged. */
  #resumeAt = 0;
  /** JPEGs that start before it may be thumbnails of a damaged frame. */
  #thumbnailsEnd = 0;
  #scanStart = 0;
  #hasSegments = false;
  #hasScan = false;
  /** {@linkcode codedSize} of the current frame; 0 before its frame header. */
  #size = 0;
  #lastSize = 0;
  /** The most bytes that the current frame may have, as far as its header has been read. */
  #maxBytes = MAX_METADATA_BYTES;
  /** Whether the current frame is too large, so that only its end matters. */
  #isOversized = false;
  #damaged = 0;
  #oversized = 0;
  readonly #unended: UnendedFrames;

  /**
   * Creates a splitter that has received no bytes yet.
   *
   * @param clock Limits the time that is spent on frames without EOI. Default: the system's clock.
   */
  constructor(clock?: Pick<Clock, "monotonic">) {
    this.#unended = new UnendedFrames(clock);
  }

  /** Number of frames dropped as damaged. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Number of frames dropped because they have too many pixels, or too many bytes for them. */
  get oversized(): number {
    return this.#oversized;
  }

  /**
   * Adds the next bytes of the stream.
   *
   * @param chunk Of any length; the caller may reuse it afterwards.
   * @returns The frames that it completes, oldest first. Each owns its buffer.
   */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; from < chunk.length; from += STEP_BYTES) {
      this.#append(chunk.subarray(from, from + STEP_BYTES));
      this.#parse(frames);
      if (isPacketEnd(this.#window.bytes)) this.#endPacket(frames);
    }
    return frames;
  }

  /** Drops the unfinished frame, before another stream starts. */
  reset(): void {
    this.#window.clear();
    this.#place = "between frames";
    this.#isOversized = false;
    this.#unended.reset();
    this.#start = this.#at = this.#thumbnailsEnd = 0;
  }

  #append(bytes: Uint8Array): void {
    const maxSize = this.#maxBytes + 2 * STEP_BYTES;
    const moved = this.#window.append(bytes, this.#start, maxSize);
    this.#start -= moved;
    this.#at -= moved;
    this.#resumeAt -= moved;
    this.#scanStart -= moved;
    this.#thumbnailsEnd -= moved;
  }

  #parse(frames: Uint8Array<ArrayBuffer>[]): void {
    const { bytes } = this.#window;
    for (;;) {
      const more = this.#place === "scan"
        ? this.#passScan(bytes)
        : this.#place === "segments"
        ? this.#passSegment(bytes, frames)
        : this.#findStart(bytes);
      if (!more) break;
    }
    if (this.#place === "between frames") return;
    if (bytes.length - this.#start > this.#maxBytes) this.#setOversized();
    if (!this.#isOversized) return;
    // The end of a scan is known before anything is parsed again.
    this.#start = this.#place === "scan" ? this.#at : Math.min(this.#at, this.#resumeAt);
  }

  /** Ends the frame in which ffmpeg's packet ends, if any. */
  #endPacket(frames: Uint8Array<ArrayBuffer>[]): void {
    const { length: end } = this.#window.bytes;
    while (this.#place !== "between frames") {
      // The rest of a segment that claims to be longer never comes.
      this.#at = Math.min(this.#at, end);
      if (this.#hasScan) this.#breakOff(end, frames);
      else this.#drop();
      this.#parse(frames);
    }
  }

  /** Finds the next frame. Like the next two methods, returns false if it needs more bytes. */
  #findStart(bytes: Uint8Array): boolean {
    const at = startIn(bytes, this.#at);
    if (at + 2 >= bytes.length) {
      this.#start = this.#at = at;
      return false;
    }
    this.#start = at;
    this.#at = this.#resumeAt = at + 2;
    this.#place = "segments";
    this.#hasSegments = false;
    this.#hasScan = false;
    this.#size = 0;
    this.#maxBytes = MAX_METADATA_BYTES;
    this.#isOversized = false;
    return true;
  }

  #passSegment(bytes: Uint8Array, frames: Uint8Array<ArrayBuffer>[]): boolean {
    const at = this.#at;
    if (at + 1 >= bytes.length) return false;
    if (bytes[at] !== MARKER_PREFIX) return this.#drop();
    const marker = bytes[at + 1];
    if (marker === MARKER_PREFIX) { // A fill byte (B.1.1.2).
      this.#at++;
      return true;
    }
    if (marker === MARKER.EOI) return this.#finish(at + 2, frames);
    if (isInScan(marker)) return this.#drop();
    // The segment before ended at a marker, so it was sound.
    this.#resumeAt = at;
    if (marker === MARKER.SOI) {
      return this.#hasSegments ? this.#breakOff(at, frames) : this.#leave(at);
    }
    if (at + 3 >= bytes.length) return false;
    this.#hasSegments = true;
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    if (length < 2) return this.#drop();
    const next = at + 2 + length;
    if (isOpaque(marker)) {
      this.#resumeAt = at + 2;
      this.#at = next;
      return true;
    }
    if (next + 2 > bytes.length) return false;
    // The frame broke off here, and the next one started inside what should be the segment.
    if (startIn(bytes.subarray(0, next + 2), at + 2) < next) return this.#drop();
    const segment = bytes.subarray(at, next);
    if (marker === MARKER.SOS) {
      if (this.#size === 0) return this.#drop();
      this.#hasScan = true;
      this.#scanStart = next;
      this.#place = "scan";
    } else if (isFrameHeader(marker)) {
      const size = codedSize(segment);
      if (this.#size !== 0 || size === 0) return this.#drop();
      this.#size = size;
      this.#limit(next);
    }
    this.#at = next;
    return true;
  }

  #passScan(bytes: Uint8Array): boolean {
    const at = endOfScan(bytes, this.#at);
    if (at + 1 >= bytes.length) {
      this.#at = at;
      return false;
    }
    this.#at = this.#resumeAt = at;
    if (at === this.#scanStart) return this.#drop();
    this.#place = "segments";
    return true;
  }

  /** Ends the current frame with its EOI, which ends at `end`. */
  #finish(end: number, frames: Uint8Array<ArrayBuffer>[]): boolean {
    this.#resumeAt = end;
    if (!this.#isComplete(end)) return this.#drop();
    this.#unended.reset();
    return this.#give(this.#window.bytes.slice(this.#start, end), frames);
  }

  /** Ends the current frame without EOI at `end`, where the next one starts or its packet ends. */
  #breakOff(end: number, frames: Uint8Array<ArrayBuffer>[]): boolean {
    this.#resumeAt = end;
    if (!this.#isComplete(end)) return this.#drop();
    const pixels = pixelsOf(this.#size);
    const bytes = this.#window.bytes.subarray(this.#start, end);
    const frame = this.#unended.complete(bytes, pixels, this.#scanStart - this.#start);
    return frame ? this.#give(frame, frames) : this.#drop();
  }

  /** Returns whether the current frame, if it ends at `end`, has all that a frame needs but EOI. */
  #isComplete(end: number): boolean {
    const mayBeThumbnail = this.#start < this.#thumbnailsEnd && this.#size !== this.#lastSize;
    if (end - this.#start > this.#maxBytes) this.#setOversized();
    return this.#hasScan && !mayBeThumbnail && !this.#isOversized;
  }

  #give(frame: Uint8Array<ArrayBuffer>, frames: Uint8Array<ArrayBuffer>[]): boolean {
    frames.push(frame);
    this.#lastSize = this.#size;
    return this.#leave(this.#resumeAt);
  }

  /** Searches for the next frame from `at` on. */
  #leave(at: number): boolean {
    this.#start = this.#at = at;
    this.#place = "between frames";
    return true;
  }

  /** Sets the limit that follows from the frame header, which ends at `end`. */
  #limit(end: number): void {
    const pixels = pixelsOf(this.#size);
    if (pixels > MAX_PIXELS || end - this.#start > MAX_METADATA_BYTES) this.#setOversized();
    this.#maxBytes = maxBytesOf(pixels);
  }

  #setOversized(): void {
    if (!this.#isOversized) this.#oversized++;
    this.#isOversized = true;
  }

  #drop(): boolean {
    if (!this.#isOversized) this.#damaged++;
    this.#thumbnailsEnd = Math.max(this.#thumbnailsEnd, this.#at);
    return this.#leave(this.#resumeAt);
  }
}

/** Returns whether the segment can contain anything: APPn, JPGn, COM. */
function isOpaque(marker: number): boolean {
  return marker >= MARKER.APP0;
}
