/** What a stream carries side by side: JPEG pictures, Opus sound, H.264 video. */
export type Track = "pictures" | "sound" | "video";

/** One timed unit of one track. Neither it nor its bytes change once it is made. */
export interface Packet {
  /** The track it belongs to. */
  readonly track: Track;
  /** Counts up from 1 over the life of whatever numbers the packets: a producer or a stream. */
  readonly sequence: number;
  /** Wall time when its last byte arrived, milliseconds since the Unix epoch. */
  readonly at: number;
  /** The encoded bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether it can be decoded without the packets before it. */
  readonly isKey: boolean;
}

/** A packet of the picture track: one whole JPEG. */
export interface Frame extends Packet {
  /** Always the picture track. */
  readonly track: "pictures";
  /** Always true: each JPEG stands alone. */
  readonly isKey: true;
}

/** A packet of the sound track: one Opus packet (RFC 6716), whose sound is sampled at 48 kHz. */
export interface SoundPacket extends Packet {
  /** Always the sound track. */
  readonly track: "sound";
  /** Always true: a decoder may begin anywhere. */
  readonly isKey: true;
  /**
   * Wall time of its first sample, milliseconds since the Unix epoch: it belongs to the frame of that
   * time. Consecutive packets are a duration apart, unless something is missing between them.
   */
  readonly at: number;
  /** How long it plays. Milliseconds. */
  readonly duration: number;
}

/**
 * Makes a frame from a JPEG.
 *
 * @param at Wall time when it arrived, milliseconds since the Unix epoch.
 */
export function frameOf(data: Uint8Array<ArrayBuffer>, sequence: number, at: number): Frame {
  return { track: "pictures", sequence, at, data, isKey: true };
}
