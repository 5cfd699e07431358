import { FragmentWriter } from "./fragment_writer.js";
import { FrameDecoder } from "./frame_decoder.js";
import { videoPacketOf } from "./video_packet.js";

/** @typedef {import("../multipart_reader.js").Part} Part */
/** @typedef {import("./video_packet.js").VideoPacket} VideoPacket */

/** Takes the H.264 of a stream, in the worker: decodes it, or makes fragments of it for MediaSource. */
export class VideoReader {
  #onFragment;
  #onFailure;
  #decoder;
  #writer;

  /**
   * @param {object} options
   * @param {import("./support.js").VideoPath} options.path
   * @param {(frame: VideoFrame, packet: VideoPacket) => void} options.onFrame The receiver must close the frame.
   * @param {(fragment: import("./fragment_writer.js").Fragment, packet: VideoPacket) => void} options.onFragment
   * @param {() => void} options.onFailure This browser cannot play the stream.
   */
  constructor({ path, onFrame, onFragment, onFailure }) {
    this.#onFragment = onFragment;
    this.#onFailure = onFailure;
    this.#decoder = path === "webcodecs" ? new FrameDecoder({ onFrame, onFailure }) : null;
    this.#writer = new FragmentWriter();
  }

  /** @param {Part} part */
  push(part) {
    let packet;
    try {
      packet = videoPacketOf(part);
    } catch {
      return this.#onFailure();
    }
    if (this.#decoder) return this.#decoder.push(packet);
    const fragment = this.#writer.write(packet);
    if (fragment) this.#onFragment(fragment, packet);
  }

  /** A newer JPEG is shown: waits for the next key packet. */
  interrupt() {
    this.#decoder?.interrupt();
    this.#writer.interrupt();
  }

  close() {
    this.#decoder?.close();
  }
}
