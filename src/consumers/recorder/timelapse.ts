import type { PastFrame } from "../../streams/past.ts";

/** Bytes that the frames of a timelapse may take in memory. */
export const MAX_TIMELAPSE_BYTES = 64e6;

/** The frames that are kept for a timelapse. */
export interface Timelapse {
  /** The frames, oldest first. */
  readonly frames: readonly PastFrame[];
  /** Returns the JPEG of one of them; `null` if it is gone. Never rejects. */
  read(frame: PastFrame): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** A frame and its bytes. */
interface LapsedFrame extends PastFrame {
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * Keeps one frame per interval, from the first one on. Once they take too many bytes, every second one goes
 * and the time between them doubles, so that they always show everything.
 */
export class TimelapseRing implements Timelapse {
  #intervalMs: number;
  readonly #maxBytes: number;
  #frames: LapsedFrame[] = [];
  #bytes = 0;
  #index = 0;
  /** The wall time of the newest frame, even where it is kept under a later one. */
  #takenAt = -Infinity;

  /** Is empty. */
  constructor(intervalMs: number, maxBytes: number = MAX_TIMELAPSE_BYTES) {
    this.#intervalMs = intervalMs;
    this.#maxBytes = maxBytes;
  }

  get frames(): readonly PastFrame[] {
    return this.#frames;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  read({ index }: PastFrame): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.#frames.find((frame) => frame.index === index)?.jpeg ?? null);
  }

  /** Keeps a frame, captured at that wall time, if it is time for one. */
  add(jpeg: Uint8Array<ArrayBuffer>, at: number): void {
    // A clock that is set back must not keep everything waiting until it has caught up.
    if (Math.abs(at - this.#takenAt) < this.#intervalMs) return;
    // A picture that stands still is kept once.
    if (jpeg.length > this.#maxBytes || jpeg === this.#frames.at(-1)?.jpeg) return;
    while (this.#bytes + jpeg.length > this.#maxBytes) this.#thin();
    this.#takenAt = at;
    const last = this.#frames.at(-1)?.at ?? -Infinity;
    const frame = { index: this.#index++, at: Math.max(at, last), jpeg };
    this.#frames.push(frame);
    this.#bytes += jpeg.length;
  }

  #thin(): void {
    this.#intervalMs *= 2;
    // The only frame that is left must go too, or there would be no end.
    const isAlone = this.#frames.length === 1;
    this.#frames = this.#frames.filter((_, place) => !isAlone && place % 2 === 0);
    this.#bytes = this.#frames.reduce((sum, { jpeg }) => sum + jpeg.length, 0);
  }
}
