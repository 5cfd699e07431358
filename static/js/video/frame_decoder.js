import { Continuity } from "./continuity.js";
import { Repetition } from "./repetition.js";

/** @typedef {import("./video_packet.js").VideoPacket} VideoPacket */
/** @typedef {import("./video_packet.js").Configuration} Configuration */

/** With more packets in the decoder, the device is too slow: it goes on with the next key packet. */
const MAX_QUEUE = 6;

/** With more packets for which the decoder gave no frame, it has failed: two seconds of them. */
const MAX_UNANSWERED = 60;

/** So many errors without a frame between them, and H.264 is given up. */
const MAX_ERRORS = 3;

/** Decodes H.264 with WebCodecs, without falling behind. */
export class FrameDecoder {
  #onFrame;
  #onFailure;
  #continuity = new Continuity();
  /** @type {VideoDecoder | null} */
  #decoder = null;
  /** @type {Configuration | null} How the decoder is configured. */
  #configuration = null;
  /** Packets in the decoder, by their timestamps. @type {Map<number, VideoPacket>} */
  #packets = new Map();
  #errors = 0;
  /** That the device was too slow. */
  #overflows;

  /**
   * @param {object} options
   * @param {(frame: VideoFrame, packet: VideoPacket) => void} options.onFrame The receiver must close the frame.
   * @param {() => void} options.onFailure This device cannot decode the stream, or not in time.
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor({ onFrame, onFailure, clock }) {
    this.#onFrame = onFrame;
    this.#onFailure = onFailure;
    this.#overflows = new Repetition(clock);
  }

  /** @param {VideoPacket} packet */
  push(packet) {
    if ((this.#decoder?.decodeQueueSize ?? 0) >= MAX_QUEUE) this.#overflow();
    if (this.#packets.size >= MAX_UNANSWERED) this.#fail();
    if (!this.#continuity.accept(packet)) return;
    try {
      if (packet.configuration) this.#configure(packet.configuration);
      const timestamp = packet.index * 1000;
      this.#packets.set(timestamp, packet);
      this.#decoder?.decode(
        new EncodedVideoChunk({
          type: packet.isKey ? "key" : "delta",
          timestamp,
          data: packet.data,
        }),
      );
    } catch {
      this.#fail();
    }
  }

  /** Drops what is being decoded and waits for the next key packet, because something newer is shown. */
  interrupt() {
    this.#continuity.interrupt();
    this.#packets.clear();
    this.#configuration = null;
    if (this.#decoder?.state === "configured") this.#decoder.reset();
  }

  close() {
    this.interrupt();
    if (this.#decoder?.state !== "closed") this.#decoder?.close();
    this.#decoder = null;
  }

  #overflow() {
    this.interrupt();
    if (this.#overflows.again()) this.#onFailure();
  }

  /** @param {Configuration} configuration */
  #configure(configuration) {
    if (this.#configuration && isSame(this.#configuration, configuration)) return;
    this.#configuration = configuration;
    const { codec, record, width, height } = configuration;
    /** @type {VideoDecoderConfig} */
    const config = {
      codec,
      description: record,
      codedWidth: width,
      codedHeight: height,
      optimizeForLatency: true,
    };
    const decoder = this.#decoder ??= this.#createDecoder();
    decoder.configure(config);
    VideoDecoder.isConfigSupported(config).then(({ supported }) => {
      if (!supported && decoder === this.#decoder) this.#onFailure();
    }, () => {});
  }

  #createDecoder() {
    const decoder = new VideoDecoder({
      output: (frame) => {
        const packet = this.#packets.get(frame.timestamp);
        if (!packet || decoder !== this.#decoder) return frame.close();
        // Frames come in order: what it left out does not come any more.
        for (const timestamp of this.#packets.keys()) {
          if (timestamp <= frame.timestamp) this.#packets.delete(timestamp);
        }
        this.#errors = 0;
        this.#onFrame(frame, packet);
      },
      error: () => {
        if (decoder === this.#decoder) this.#fail();
      },
    });
    return decoder;
  }

  #fail() {
    // After an error a decoder is closed for good.
    this.close();
    this.#errors++;
    if (this.#errors >= MAX_ERRORS) this.#onFailure();
  }
}

/**
 * @param {Configuration} a
 * @param {Configuration} b
 */
function isSame(a, b) {
  return a.width === b.width && a.height === b.height && a.record.length === b.record.length &&
    a.record.every((byte, i) => byte === b.record[i]);
}
