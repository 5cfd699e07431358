/** Opus counts samples at this rate, whatever the rate of the source. Hz. */
export const OPUS_RATE = 48_000;

/** The longest that one packet may play (RFC 6716 section 3.4, R5). Samples. */
const MAX_PACKET_SAMPLES = 5_760;

/** Samples of one frame, by the two lowest bits of the configuration (RFC 6716 table 2). */
const SILK_FRAME = [480, 960, 1_920, 2_880];
const HYBRID_FRAME = [480, 960, 480, 960];
const CELT_FRAME = [120, 240, 480, 960];

/**
 * Returns how long an Opus packet plays, in samples at 48 kHz, by its table-of-contents byte (RFC 6716
 * section 3.1); 0 if it is no valid packet.
 */
export function samplesOf(packet: Uint8Array): number {
  if (packet.length === 0) return 0;
  const [toc, counts = 0] = packet;
  const configuration = toc >> 3;
  const frame = configuration < 12
    ? SILK_FRAME[configuration & 3]
    : configuration < 16
    ? HYBRID_FRAME[configuration & 3]
    : CELT_FRAME[configuration & 3];
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? counts & 63 : 2;
  const samples = frames * frame;
  return samples > MAX_PACKET_SAMPLES ? 0 : samples;
}

/** Returns the channels with which an Opus packet was encoded. */
export function channelsOf(packet: Uint8Array): 1 | 2 {
  return packet[0] & 4 ? 2 : 1;
}

/** Packets of silence (CELT, fullband), by the number of channels. */
const SILENCE = { 1: [0xf8, 0xff, 0xfe], 2: [0xfc, 0xff, 0xfe] };

/** Returns an Opus packet that is silence for 20 ms. */
export function silence(channels: 1 | 2): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(SILENCE[channels]);
}
