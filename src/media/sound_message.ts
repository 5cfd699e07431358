import type { SoundPacket } from "./packet.ts";

/** The first byte of a message that carries sound. */
export const SOUND = 1;

/** Where the sequence number is. */
const SEQUENCE_PLACE = 4;

/** Bytes before the first packet. */
const HEAD_BYTES = 20;

/**
 * Encodes packets that follow one another as one binary message of the page socket, big-endian:
 *
 * | bytes | |
 * | --- | --- |
 * | 1 | 1, for sound |
 * | 1 | the number of packets |
 * | 2 | how long each of them plays, in samples at 48 kHz |
 * | 8 | the sequence number of the first one |
 * | 8 | its `at`, a double: milliseconds since the Unix epoch |
 * | 2 + n, each packet | its length, and its bytes |
 *
 * `static/js/sound/sound_message.js` reads it.
 *
 * @param packets One to 255, of the same duration, with sequence numbers that count up by one.
 */
export function encodeSound(packets: readonly SoundPacket[]): Uint8Array<ArrayBuffer> {
  const [{ duration, sequence, at }] = packets;
  const size = packets.reduce((sum, { data }) => sum + 2 + data.length, HEAD_BYTES);
  const message = new Uint8Array(size);
  const view = new DataView(message.buffer);
  view.setUint8(0, SOUND);
  view.setUint8(1, packets.length);
  view.setUint16(2, duration * 48);
  view.setBigUint64(SEQUENCE_PLACE, BigInt(sequence));
  view.setFloat64(12, at);
  let place = HEAD_BYTES;
  for (const { data } of packets) {
    view.setUint16(place, data.length);
    message.set(data, place + 2);
    place += 2 + data.length;
  }
  return message;
}

/** Returns a message with the same packets, of which the first has another sequence number. */
export function renumbered(
  message: Uint8Array<ArrayBuffer>,
  sequence: number,
): Uint8Array<ArrayBuffer> {
  const copy = message.slice();
  new DataView(copy.buffer).setBigUint64(SEQUENCE_PLACE, BigInt(sequence));
  return copy;
}
