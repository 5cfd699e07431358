import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { isCut } from "../../media/jpeg/cut.ts";
import { MARKER, MARKER_PREFIX } from "../../media/jpeg/marker.ts";

/** More zeros than this after the data are the unused rest of a camera driver's buffer. */
const MAX_ZEROS = 8;

/** A multipart boundary and the headers of a part are no longer than this. */
const MAX_HEADERS = 1024;

/**
 * After this many frames without EOI in a row, a source is assumed never to send EOI, and its frames to
 * be whole: checking each would cost a twentieth of a core at 720p30.
 */
const CHECKED_FRAMES = 10;

/** Frames with more pixels would take too long to check, and are assumed to be whole. */
const MAX_CHECKED_PIXELS = 1920 * 1200;

/**
 * The share of the time that may be spent on checking frames. A frame of 4 kB can take 3 ms, so a
 * source that sends them as fast as it can would stop everything else.
 */
const MAX_SHARE = 1 / 4;

/** The most of that time that is saved up for a burst of frames. Milliseconds. */
const MAX_SAVED_MS = 500;

/**
 * Completes frames without EOI, as some cameras send every frame, and rejects those that lack it because
 * the rest was lost: the next frame will be whole.
 */
export class UnendedFrames {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Number of frames without EOI in a row. */
  #row = 0;
  /** Time that may be spent on checking frames, as of `#savedAt`. Milliseconds. */
  #saved = MAX_SAVED_MS;
  #savedAt: number;

  /** @param clock Default: the system's clock. */
  /** Creates one that has seen no frame yet. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#savedAt = clock.monotonic();
  }

  /** Records a frame with EOI. */
  reset(): void {
    this.#row = 0;
  }

  /**
   * Returns the frame with EOI in place of whatever follows its data; `null` if it was cut off. A frame
   * that there is no time to check is assumed to be whole.
   *
   * @param bytes From SOI to the next frame or the end of the packet.
   * @param scanStart Where the data of its last scan begins.
   */
  complete(bytes: Uint8Array, pixels: number, scanStart: number): Uint8Array<ArrayBuffer> | null {
    const end = endOfData(bytes);
    if (end <= scanStart) return null;
    const frame = new Uint8Array(end + 2);
    frame.set(bytes.subarray(0, end));
    frame.set([MARKER_PREFIX, MARKER.EOI], end);
    const isChecked = this.#row < CHECKED_FRAMES && pixels <= MAX_CHECKED_PIXELS;
    if (isChecked && this.#mayLook() && this.#looksCut(frame)) return null;
    this.#row++;
    return frame;
  }

  #mayLook(): boolean {
    const now = this.#clock.monotonic();
    const gained = (now - this.#savedAt) * MAX_SHARE;
    this.#saved = Math.min(MAX_SAVED_MS, this.#saved + gained);
    this.#savedAt = now;
    return this.#saved > 0;
  }

  #looksCut(frame: Uint8Array): boolean {
    const since = this.#clock.monotonic();
    const result = isCut(frame);
    this.#saved -= this.#clock.monotonic() - since;
    return result;
  }
}

/** Returns where the frame's own bytes end: before zeros, a boundary, or half of a marker. */
function endOfData(bytes: Uint8Array): number {
  let end = startOfHeaders(bytes);
  if (bytes[end - 1] === MARKER_PREFIX) end--;
  let zeros = 0;
  while (bytes[end - 1 - zeros] === 0) zeros++;
  return end - Math.max(0, zeros - MAX_ZEROS);
}

/** Returns where the multipart boundary at the end of the bytes starts; their end without one. */
function startOfHeaders(bytes: Uint8Array): number {
  const least = Math.max(0, bytes.length - MAX_HEADERS);
  let at = bytes.length;
  while (at > least && isText(bytes[at - 1])) at--;
  const text = String.fromCharCode(...bytes.subarray(at));
  const boundary = /\r?\n--/.exec(text);
  return boundary ? at + boundary.index : bytes.length;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a;
}
