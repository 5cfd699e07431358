import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { isCut } from "../../media/jpeg/cut.ts";
import { MARKER, MARKER_PREFIX } from "../../media/jpeg/marker.ts";

/** Zeros behind the data beyond so many fill the buffer of a camera's driver. */
const MAX_ZEROS = 8;

/** A multipart boundary and the headers of a part are no longer than this. */
const MAX_HEADERS = 1024;

/**
 * A source that gave so many frames without EOI in a row gives none with it, and all its frames are
 * taken to be whole: it would cost a twentieth of a core at 720p30 to look at each.
 */
const CHECKED_FRAMES = 10;

/** Frames of more pixels would take too long to look at, and are taken to be whole. */
const MAX_CHECKED_PIXELS = 1920 * 1200;

/**
 * The share of the time in which frames may be looked at. Those of 4 kB can take 3 ms each: a source
 * that sends them as fast as it can would stop all else in the program.
 */
const MAX_SHARE = 1 / 4;

/** How much of that time is saved up for a burst of frames. Milliseconds. */
const MAX_SAVED_MS = 500;

/**
 * Completes frames that the source gives without EOI, as some cameras do in every frame, and refuses
 * those that lack it because the rest was lost on the way: a frame later there is a whole one.
 */
export class UnendedFrames {
  readonly #clock: Pick<Clock, "monotonic">;
  #row = 0;
  /** For how long frames may be looked at, as of `#savedAt`. Milliseconds. */
  #saved = MAX_SAVED_MS;
  #savedAt: number;

  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#savedAt = clock.monotonic();
  }

  /** A frame came with its EOI. */
  reset(): void {
    this.#row = 0;
  }

  /**
   * Returns the frame with EOI in place of what else follows its data; `null` if it was cut off. One
   * for which no time is left is taken to be whole.
   *
   * @param bytes From SOI to the next frame or the packet's end.
   */
  complete(bytes: Uint8Array, pixels: number): Uint8Array<ArrayBuffer> | null {
    const end = endOfData(bytes);
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

/** Where the frame's own bytes end: before zeros, a multipart boundary, or the first byte of a marker. */
function endOfData(bytes: Uint8Array): number {
  let end = startOfHeaders(bytes);
  if (bytes[end - 1] === MARKER_PREFIX) end--;
  let zeros = 0;
  while (bytes[end - 1 - zeros] === 0) zeros++;
  return end - Math.max(0, zeros - MAX_ZEROS);
}

/** Where the boundary of a multipart stream begins that the bytes end with; their end without one. */
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
