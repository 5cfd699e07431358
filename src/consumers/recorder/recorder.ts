import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Rendition } from "../../media/rendition.ts";
import type { Frame } from "../../media/packet.ts";
import type { Consumer } from "../../streams/consumer.ts";
import type { Stream } from "../../streams/stream.ts";

/** The stream repeats its newest frame about once a second; it is not taken again sooner than this. Milliseconds. */
const REPEAT_MS = 500;

/**
 * Takes the frames of a stream, while it is on air, as they came: the stream makes nothing for it. A picture that
 * stands still is taken again about once a second, or it would be forgotten while it is shown.
 */
export class Recorder implements Consumer {
  readonly followsMotion = false;
  readonly origin = null;
  readonly #stream: Pick<Stream, "newest">;
  readonly #isOnAir: () => boolean;
  readonly #onFrame: (frame: Frame) => void;
  readonly #clock: Clock;
  #sequence = 0;
  /** How much later than its time the newest frame was taken; `null` if it is not to be taken again. Milliseconds. */
  #lag: number | null = null;
  /** When a frame was last taken. Monotonic. */
  #takenAt = -Infinity;

  /** Has to join the stream, which then gives it the newest frame as well. */
  constructor(
    stream: Pick<Stream, "newest">,
    isOnAir: () => boolean,
    onFrame: (frame: Frame) => void,
    clock: Clock = SYSTEM_CLOCK,
  ) {
    this.#stream = stream;
    this.#isOnAir = isOnAir;
    this.#onFrame = onFrame;
    this.#clock = clock;
  }

  decide(): Rendition | null {
    const { newest } = this.#stream;
    if (newest === null) return null;
    const isNew = newest.sequence !== this.#sequence;
    if (isNew) {
      this.#sequence = newest.sequence;
      this.#lag = null;
    }
    if (!this.#isOnAir()) return null;
    if (isNew) this.#takeNew(newest);
    else if (this.#lag !== null) this.#takeAgain(newest, this.#lag);
    return null;
  }

  #takeNew(frame: Frame): void {
    // Frames of another program keep its times: after a stall, the next one may be older than a repetition of this one.
    if (frame.due === undefined) this.#lag = this.#clock.wall() - frame.at;
    this.#takenAt = this.#clock.monotonic();
    this.#onFrame(frame);
  }

  #takeAgain(frame: Frame, lag: number): void {
    const now = this.#clock.monotonic();
    if (now - this.#takenAt < REPEAT_MS) return;
    this.#takenAt = now;
    this.#onFrame({ ...frame, at: this.#clock.wall() - lag });
  }

  deliver(): void {}
}
