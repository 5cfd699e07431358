// @ts-types="./opus-decoder.d.ts"
import "./opus-decoder.min.js";

/** @typedef {import("./opus-decoder.d.ts").OpusDecoderLibrary} OpusDecoderLibrary */

/** Length of the samples that a decoder returns if a packet is damaged: 20 ms. */
const SILENCE = 960;

/** Decodes Opus packets into stereo samples at 48 kHz. A packet takes about 0.1 ms. */
export class Decoder {
  #library;
  /** The first byte of the last packet (RFC 6716, section 3.1): its mode and duration. */
  #kind = 0xfc;

  /** @param {InstanceType<OpusDecoderLibrary["OpusDecoder"]>} library */
  constructor(library) {
    this.#library = library;
  }

  /** Compiles the WebAssembly code. */
  static async load() {
    const { OpusDecoder } = /** @type {OpusDecoderLibrary} */ (
      Reflect.get(globalThis, "opus-decoder")
    );
    // Mono packets come out of both channels.
    const library = new OpusDecoder({ channels: 2 });
    await library.ready;
    return new Decoder(library);
  }

  /**
   * Returns the left and the right channel of a packet; silence if it is damaged.
   *
   * @param {Uint8Array} packet
   * @returns {Float32Array[]}
   */
  decode(packet) {
    if (packet.length > 0) this.#kind = packet[0];
    return this.#samplesOf(packet);
  }

  /** Returns a replacement for one lost packet: the decoder continues what it played. */
  conceal() {
    // A packet of one frame without any data is what an encoder sends for "nothing new" (section 2.1.9).
    return this.#samplesOf(Uint8Array.of(this.#kind & 0xfc));
  }

  /** @param {Uint8Array} packet */
  #samplesOf(packet) {
    const { channelData, samplesDecoded } = this.#library.decodeFrame(packet);
    if (samplesDecoded > 0) return channelData.map((channel) => channel.slice(0, samplesDecoded));
    return [new Float32Array(SILENCE), new Float32Array(SILENCE)];
  }
}
