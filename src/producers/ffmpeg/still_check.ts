import { pictureSize } from "../../media/jpeg/size.ts";

/** A picture may be followed by previews of itself (CIPA DC-007, "MPF"), rarely more than two. */
const MAX_PREVIEWS = 3;

/** Distinguishes a single picture from a stream. */
export class StillCheck {
  /** Pixels of the first frame; 0 before it. */
  #pixels = 0;
  #previews = 0;
  #isStream = false;

  /** Whether there was exactly one picture so far, not counting its previews. */
  get isStill(): boolean {
    return this.#pixels > 0 && !this.#isStream;
  }

  /** Whether there was a second picture. */
  get isStream(): boolean {
    return this.#isStream;
  }

  /** Examines the next frame. Returns whether to show it; false for a preview of the first. */
  take(jpeg: Uint8Array): boolean {
    if (this.#isStream) return true;
    const pixels = pixelsOf(jpeg);
    if (this.#pixels === 0) {
      this.#pixels = pixels;
      return true;
    }
    if (pixels < this.#pixels && this.#previews < MAX_PREVIEWS) {
      this.#previews++;
      return false;
    }
    return this.#isStream = true;
  }
}

function pixelsOf(jpeg: Uint8Array): number {
  const size = pictureSize(jpeg);
  return size === null ? 0 : size.width * size.height;
}
