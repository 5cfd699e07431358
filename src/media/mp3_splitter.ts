import { concat } from "./jpeg/concat.ts";

/** Kilobits a second of MPEG-1 Layer III, by their index in a frame header (ISO/IEC 11172-3, 2.4.2.3). */
const BIT_RATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];

/** Hz, by their index in a frame header. */
const SAMPLE_RATES = [44_100, 48_000, 32_000, 0];

const HEADER_BYTES = 4;

/** Splits a byte stream into MPEG-1 Layer III frames, and skips what is none. */
export class Mp3Splitter {
  #rest = new Uint8Array();

  /**
   * Adds the next bytes of the stream.
   *
   * @param chunk Of any length; the caller may reuse it afterwards.
   * @returns The frames that it completes, oldest first.
   */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const bytes = concat(this.#rest, chunk);
    const frames: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const length = frameLength(bytes, at);
      if (length === 0) {
        at++;
        continue;
      }
      if (at + length > bytes.length) break;
      frames.push(bytes.subarray(at, at + length));
      at += length;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }
}

/** Returns the length of the frame that begins here; 0 if none does. */
function frameLength(bytes: Uint8Array, at: number): number {
  // Sync word, MPEG-1, Layer III; without a checksum or with one.
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xfa) return 0;
  const bitRate = BIT_RATES[bytes[at + 2] >> 4];
  const sampleRate = SAMPLE_RATES[bytes[at + 2] >> 2 & 3];
  if (bitRate === 0 || sampleRate === 0) return 0;
  const padding = bytes[at + 2] >> 1 & 1;
  return Math.floor(144_000 * bitRate / sampleRate) + padding;
}
