import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { frameOf } from "../../media/packet.ts";
import { Rendition } from "../../media/rendition.ts";
import type { Transcoder } from "../../streams/part_maker.ts";
import type { Ring } from "./ring.ts";

/** Frames of the past that are younger than this are kept as they came. Milliseconds. */
const WHOLE_MS = 10_000;

/** A third of the bytes: five minutes of a street at 1280x720 and 30 frames a second fit into 300 MB. */
const HALF = Rendition.of({ quality: 60, scale: 0.5, filter: "none" });

/**
 * Makes the oldest frames of a ring smaller, one after the other, while its bytes are scarce and the transcoder has
 * nothing else to do.
 */
export class Shrinker {
  readonly #ring: Pick<Ring, "isTight" | "oldestWhole" | "read" | "shrink">;
  readonly #transcoder: Transcoder;
  readonly #clock: Pick<Clock, "wall">;
  #isBusy = false;

  /** Does nothing yet. */
  constructor(
    ring: Pick<Ring, "isTight" | "oldestWhole" | "read" | "shrink">,
    transcoder: Transcoder,
    clock: Pick<Clock, "wall"> = SYSTEM_CLOCK,
  ) {
    this.#ring = ring;
    this.#transcoder = transcoder;
    this.#clock = clock;
  }

  /** Begins with what has become old enough, unless it is at work. Call this for each new frame. */
  async run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      // A newer frame comes first: it is given to the transcoder after this returns.
      await Promise.resolve();
      while (await this.#shrinkNext());
    } finally {
      this.#isBusy = false;
    }
  }

  /** Returns whether there was anything to do. */
  async #shrinkNext(): Promise<boolean> {
    if (!this.#ring.isTight) return false;
    const frame = this.#ring.oldestWhole(this.#clock.wall() - WHOLE_MS);
    const jpeg = frame && await this.#ring.read(frame);
    if (!jpeg) return false;
    let half: Uint8Array<ArrayBuffer> | null = null;
    await this.#transcoder.transcode({
      stream: "rewind",
      isDeferred: true,
      frame: frameOf(jpeg, frame.index, frame.at),
      renditions: [HALF],
      least: 1,
      onOutput: (_, output) => half = output,
      onFailure: () => {},
    });
    this.#ring.shrink(frame, half);
    return true;
  }
}
