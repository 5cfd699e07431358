/** What the first packet of an Opus stream in Ogg says (RFC 7845 section 5.1). */
export interface OpusHead {
  /** The channels of the sound. */
  readonly channels: 1 | 2;
  /** How many samples to discard at the beginning, at 48 kHz. */
  readonly preSkip: number;
}

const HEAD = new TextEncoder().encode("OpusHead");
const TAGS = new TextEncoder().encode("OpusTags");
const HEAD_BYTES = 19;

/** The rate of the source, which is only for information. Hz. */
const INPUT_RATE = 48_000;

/**
 * Reads the first packet of a stream.
 *
 * @returns `null` if it is none of an Opus stream with one or two channels.
 */
export function readOpusHead(packet: Uint8Array): OpusHead | null {
  if (packet.length < HEAD_BYTES || !startsWith(packet, HEAD)) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const version = view.getUint8(8);
  const channels = view.getUint8(9);
  const mappingFamily = view.getUint8(18);
  // Versions up to 15 are compatible. Family 0 is mono or stereo in a single Opus stream.
  if (version > 15 || mappingFamily !== 0 || (channels !== 1 && channels !== 2)) return null;
  return { channels, preSkip: view.getUint16(10, true) };
}

/** Encodes the first packet of a stream. */
export function encodeOpusHead({ channels, preSkip }: OpusHead): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(HEAD_BYTES);
  const view = new DataView(packet.buffer);
  packet.set(HEAD);
  packet[8] = 1;
  packet[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, INPUT_RATE, true);
  return packet;
}

/** Returns whether a packet is the second one of a stream, which holds its tags. */
export function isOpusTags(packet: Uint8Array): boolean {
  return startsWith(packet, TAGS);
}

/** Encodes the second packet of a stream, with no tags but the name of the encoder. */
export function encodeOpusTags(vendor: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(vendor);
  const packet = new Uint8Array(TAGS.length + 4 + name.length + 4);
  packet.set(TAGS);
  new DataView(packet.buffer).setUint32(TAGS.length, name.length, true);
  packet.set(name, TAGS.length + 4);
  return packet;
}

function startsWith(packet: Uint8Array, magic: Uint8Array): boolean {
  return magic.every((byte, index) => packet[index] === byte);
}
