/** One access unit of AAC-LC (ISO/IEC 14496-3) at 48 kHz in stereo, without ADTS header: 1,024 samples. */
export interface AacPacket {
  /** The wall time of its first sample, milliseconds since the Unix epoch. */
  readonly at: number;
  /** How long it plays: always {@linkcode AAC_DURATION}. Milliseconds. */
  readonly duration: number;
  /** The encoded bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** How long a packet plays: 1,024 samples. Milliseconds. */
export const AAC_DURATION: number = 1_024 / 48;

/** `AudioSpecificConfig` (ISO/IEC 14496-3 section 1.6.2.1) of every packet: AAC-LC, 48 kHz, stereo. */
export const AAC_CONFIGURATION: Uint8Array<ArrayBuffer> = Uint8Array.of(0x11, 0x90);

/** Takes AAC. */
export interface AacConsumer {
  /** Takes the next packet. */
  deliver(packet: AacPacket): void;
}

/**
 * The sound of the program as AAC, encoded once for all who take it, and only while somebody does. It never ends:
 * where there is no sound it is silence, so that packets follow each other without a hole or an overlap. A packet
 * comes at most half a second after its time, or as much later as the sound itself comes from its source.
 */
export interface AacTrack {
  /** Adds a consumer, and starts the encoder for the first. */
  join(consumer: AacConsumer): void;
  /** Removes a consumer. */
  leave(consumer: AacConsumer): void;
}
