import { pictureSize } from "../../media/jpeg/size.ts";

/** A picture may have previews of itself behind it (CIPA DC-007, "MPF"), seldom more than two. */
const MAX_PREVIEWS = 3;

/** Tells a single picture from a stream of them. */
export class StillCheck {
  /** Of the first frame; 0 before it. */
  #pixels = 0;
  #previews = 0;
  #isStream = false;

  /** Whether there was one picture so far, but for its previews. */
  get isStill(): boolean {
    return this.#pixels > 0 && !this.#isStream;
  }

  /** Whether there was a second picture. */
  get isStream(): boolean {
    return this.#isStream;
  }

  /** Takes the next frame. Returns whether it is to be shown, rather than a preview of the first. */
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
