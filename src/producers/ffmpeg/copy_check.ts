import { fieldOf } from "../../media/jpeg/avi1.ts";
import { startsWithSoi } from "../../media/jpeg/marker.ts";

/** After this many unusable frames in a row, or this long, no better ones are expected. */
const UNSOUND_FRAMES = 20;
const UNSOUND_MS = 2_000;

/** Returns whether an address may send JPEGs: it starts with one, or with a multipart head. */
export function mayBeJpegs(head: Uint8Array): boolean {
  return startsWithSoi(head) || head.subarray(0, HEAD_BYTES).every(isText);
}

/** Returns whether a response is a web page, by its first {@linkcode HEAD_BYTES}. */
export function isPage(head: Uint8Array): boolean {
  return /^\s*<(?:!doctype html|html)/i.test(String.fromCharCode(...head));
}

/** Enough to contain binary numbers at the start of MP4, MPEG-TS, FLV, AVI and Matroska. */
export const HEAD_BYTES = 16;

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a || byte === 0x09;
}

/**
 * Checks the first JPEGs that are copied from a source, before any is shown: they must be sound, and
 * frames rather than fields.
 */
export class CopyCheck {
  #fields: "top" | "bottom" | null = null;
  #first: Uint8Array<ArrayBuffer> | null = null;
  #unusable = 0;
  #unusableSince = 0;

  /** Which field comes first, if the JPEGs are fields; null if they are not known to be. */
  get fields(): "top" | "bottom" | null {
    return this.#fields;
  }

  /**
   * Examines the next sound frames.
   *
   * @param frames Oldest first.
   * @returns The frames that may be shown; none while the next one has to be examined first.
   */
  take(frames: readonly Uint8Array<ArrayBuffer>[]): readonly Uint8Array<ArrayBuffer>[] {
    const seen = this.#first === null ? frames : [this.#first, ...frames];
    this.#first = null;
    if (seen.length === 0) return seen;
    const first = fieldOf(seen[0]);
    if (first === null) return seen;
    if (seen.length === 1) {
      this.#first = seen[0];
      return [];
    }
    // Some cameras call each frame a top field, though it is whole.
    const second = fieldOf(seen[1]);
    if (second === null || second === first) return seen;
    this.#fields = first;
    return [];
  }

  /**
   * Returns whether no sound frame can be expected any more.
   *
   * @param dropped Number of frames dropped so far, while none was sound.
   * @param now Monotonic time in milliseconds.
   */
  isHopeless(dropped: number, now: number): boolean {
    if (dropped > this.#unusable && this.#unusable === 0) this.#unusableSince = now;
    this.#unusable = dropped;
    return dropped >= UNSOUND_FRAMES || (dropped > 0 && now - this.#unusableSince >= UNSOUND_MS);
  }
}
