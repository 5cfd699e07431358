import type { Rendition } from "../../media/rendition.ts";
import type { Frame } from "../../media/packet.ts";
import type { Consumer } from "../../streams/consumer.ts";
import type { Stream } from "../../streams/stream.ts";

/** Takes each frame of a stream once, while it is on air, as it came: the stream makes nothing for it. */
export class Recorder implements Consumer {
  readonly followsMotion = false;
  readonly origin = null;
  readonly #stream: Pick<Stream, "newest">;
  readonly #isOnAir: () => boolean;
  readonly #onFrame: (frame: Frame) => void;
  #sequence = 0;

  /** Has to join the stream, which then gives it the newest frame as well. */
  constructor(
    stream: Pick<Stream, "newest">,
    isOnAir: () => boolean,
    onFrame: (frame: Frame) => void,
  ) {
    this.#stream = stream;
    this.#isOnAir = isOnAir;
    this.#onFrame = onFrame;
  }

  decide(): Rendition | null {
    const { newest } = this.#stream;
    if (newest === null || newest.sequence === this.#sequence) return null;
    this.#sequence = newest.sequence;
    if (this.#isOnAir()) this.#onFrame(newest);
    return null;
  }

  deliver(): void {}
}
