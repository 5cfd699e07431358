import type { Playback, PlayedFrame } from "../playback.ts";

/** Newer ffmpegs play the first half second as fast as they can; the second after it counts. */
const BEGINNING_MS = 1_500;

/** Collects the first frames of an ffmpeg that plays a file. */
export class PlaybackStart {
  readonly #path: string;
  readonly #beginning: PlayedFrame[] = [];
  #isOver = false;

  /** Creates the start of a playback without a frame. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the next frame.
   *
   * @returns The playback, once, when its beginning is over; else null.
   */
  take(frame: PlayedFrame): Playback | null {
    if (this.#isOver) return null;
    this.#beginning.push(frame);
    if (frame.at - this.#beginning[0].at < BEGINNING_MS) return null;
    this.#isOver = true;
    return { path: this.#path, beginning: this.#beginning };
  }
}
