/**
 * @typedef {object} SoundPacket
 * @property {number} sequence
 * @property {number} at When its first sample was captured: server's wall time, in milliseconds.
 * @property {number} duration Milliseconds.
 * @property {Uint8Array} data One Opus packet.
 */

/** The first byte of a message that carries sound. */
const SOUND = 1;
const HEAD_BYTES = 20;

/**
 * Reads a binary message of the page socket, as `encodeSound` in `src/media/sound_message.ts` writes it.
 *
 * @param {ArrayBuffer} message
 * @returns {SoundPacket[] | null} `null` if it is none.
 */
export function readSound(message) {
  const view = new DataView(message);
  if (view.byteLength < HEAD_BYTES || view.getUint8(0) !== SOUND) return null;
  const count = view.getUint8(1);
  const duration = view.getUint16(2) / 48;
  const sequence = Number(view.getBigUint64(4));
  const at = view.getFloat64(12);
  if (count === 0 || duration === 0 || !Number.isFinite(at)) return null;
  /** @type {SoundPacket[]} */
  const packets = [];
  let place = HEAD_BYTES;
  for (let i = 0; i < count; i++) {
    if (place + 2 > view.byteLength) return null;
    const length = view.getUint16(place);
    place += 2;
    if (place + length > view.byteLength) return null;
    const data = new Uint8Array(message, place, length);
    packets.push({ sequence: sequence + i, at: at + i * duration, duration, data });
    place += length;
  }
  return place === view.byteLength ? packets : null;
}
