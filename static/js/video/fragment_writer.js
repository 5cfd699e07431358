import { Continuity } from "./continuity.js";
import { fragment, initSegment, TIMESCALE } from "./fmp4.js";
import { Timeline } from "./timeline.js";

/**
 * @typedef {object} Fragment What MediaSource is to play next.
 * @property {{ mime: string, bytes: Uint8Array<ArrayBuffer> } | null} init Of key packets only: how to begin with it.
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {number} time When it is shown, on the player's timeline. Seconds.
 * @property {number} duration Seconds.
 */

/** Makes fragments for MediaSource of packets. */
export class FragmentWriter {
  #continuity = new Continuity();
  #timeline = new Timeline();
  #count = 0;

  /**
   * @param {import("./video_packet.js").VideoPacket} packet
   * @returns {Fragment | null} `null` if the packet cannot be decoded.
   */
  write(packet) {
    if (!this.#continuity.accept(packet)) return null;
    const { configuration, isKey, data, at } = packet;
    const { time, duration } = this.#timeline.next(at);
    const init = configuration && {
      mime: `video/mp4; codecs="${configuration.codec}"`,
      bytes: initSegment(configuration),
    };
    const bytes = fragment({ number: ++this.#count, time, duration, isKey, data });
    return { init, bytes, time: time / TIMESCALE, duration: duration / TIMESCALE };
  }

  /** Waits for the next key packet. */
  interrupt() {
    this.#continuity.interrupt();
    this.#timeline.interrupt();
  }
}
