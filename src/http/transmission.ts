import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import type { Channel } from "../channel/channel.ts";
import type { Preview } from "./preview.ts";

type Jpeg = Uint8Array<ArrayBuffer>;

export interface TransmissionOptions {
  readonly channel: Channel;
  readonly preview: Preview;
  /** Gives a picture to the viewers; one without a time is of now. */
  readonly publish: (jpeg: Jpeg, capturedAt?: number) => void;
  /** Draws what viewers see off air. */
  readonly drawCard: (title: string) => Promise<Jpeg>;
  readonly log: Logger;
}

/** Lets the source's pictures through to viewers while on air, and shows them a card while not. */
export class Transmission {
  readonly #options: TransmissionOptions;
  /** The title on the card that is shown or being drawn; `null` on air. */
  #card: string | null = null;

  constructor(options: TransmissionOptions) {
    this.#options = options;
  }

  /**
   * Takes each picture of the source.
   *
   * @param capturedAt Milliseconds since the Unix epoch. Default: now.
   */
  take(jpeg: Jpeg, capturedAt?: number): void {
    const { channel, preview, publish } = this.#options;
    preview.publish(jpeg, capturedAt);
    if (channel.onAir) publish(jpeg, capturedAt);
  }

  /** Draws the card anew, if it is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    if (this.#card === null) return;
    this.#card = null;
    await this.follow();
  }

  /** To be called when the channel changed: shows the card, or the source again. */
  async follow(): Promise<void> {
    const { channel, preview, publish, drawCard, log } = this.#options;
    if (channel.onAir) {
      const wasOff = this.#card !== null;
      this.#card = null;
      if (wasOff && preview.newest) publish(preview.newest.data);
      return;
    }
    const { title } = channel;
    if (this.#card === title) return;
    this.#card = title;
    try {
      const card = await drawCard(title);
      if (this.#card === title) publish(card);
    } catch (error) {
      log.error("Cannot draw the off-air picture", { error: messageOf(error) });
    }
  }
}
