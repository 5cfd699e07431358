import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { Newest } from "../media/newest.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import type { Stream } from "../streams/stream.ts";
import type { Producer } from "./producer.ts";

/** What the program knows of the channel. */
export interface OnAirState {
  /** Stands on the off-air card. */
  readonly title: string;
  /** Whether viewers see the camera. */
  readonly onAir: boolean;
}

/** What the program is built with. */
export interface ProgramOptions {
  /** The stream that it shows on air. */
  readonly camera: Pick<Stream, "frames" | "newest">;
  /** Says whether it is on air. */
  readonly channel: OnAirState;
  /** Draws what viewers see off air. */
  readonly drawCard: (title: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Says why there is no card. */
  readonly log: Logger;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "wall">;
}

/** Produces what viewers see: the camera's frames while the channel is on air, else a card. */
export class Program implements Producer<Frame> {
  readonly tracks = ["pictures"] as const;
  readonly #options: Required<ProgramOptions>;
  readonly #frames = new Newest<Frame>();
  #sequence = 0;
  /** The title on the card that is shown or being drawn; `null` on air. */
  #card: string | null = null;
  /** The newest card that was drawn. */
  #cardFrame: Frame | null = null;

  /** Shows nothing yet. */
  constructor(options: ProgramOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
  }

  packets(): AsyncIterable<Frame> {
    this.#passOn();
    return this.#frames;
  }

  /** Returns whether viewers may see a frame now: off air, only the card; on air, anything else. */
  isDue(frame: Frame): boolean {
    return this.#options.channel.onAir === (frame !== this.#cardFrame);
  }

  stop(): Promise<void> {
    this.#frames.end();
    return Promise.resolve();
  }

  /** Draws the card again if it is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    if (this.#card === null) return;
    this.#card = null;
    await this.follow();
  }

  /** Shows the card or the camera again. To be called when the channel has changed. */
  async follow(): Promise<void> {
    const { camera, channel, drawCard, log } = this.#options;
    const { title, onAir } = channel;
    if (onAir) {
      const wasOff = this.#card !== null;
      this.#card = null;
      if (wasOff && camera.newest) this.#give(camera.newest.data);
      return;
    }
    if (this.#card === title) return;
    this.#card = title;
    try {
      const card = await drawCard(title);
      if (this.#card === title) this.#cardFrame = this.#give(card);
    } catch (error) {
      log.error("Cannot draw the off-air picture", { error: messageOf(error) });
    }
  }

  async #passOn(): Promise<void> {
    const { camera, channel } = this.#options;
    for await (const { data, at, due } of camera.frames()) {
      if (channel.onAir) this.#give(data, at, due);
    }
    this.#frames.end();
  }

  #give(jpeg: Uint8Array<ArrayBuffer>, at = this.#options.clock.wall(), due?: number): Frame {
    const frame = frameOf(jpeg, ++this.#sequence, at, due);
    this.#frames.put(frame);
    return frame;
  }
}
