import type { Provenance } from "./provenance.ts";

/** What a stream carries side by side: JPEG pictures, Opus sound, H.264 video. */
export type Track = "pictures" | "sound" | "video";

/** One timed unit of one track. Neither it nor its bytes change once it is made. */
export interface Packet {
  /** The track it belongs to. */
  readonly track: Track;
  /** Counts up from 1 over the life of whatever numbers the packets: a producer or a stream. */
  readonly sequence: number;
  /**
   * Wall time when its last byte arrived, milliseconds since the Unix epoch; of another program's stream, when it
   * arrived at the first of the programs.
   */
  readonly at: number;
  /**
   * Wall time from which delays on the way count: when it was to be shown again, in a replay, or when it arrived from
   * another program. Where it is absent, they count from `at`.
   */
  readonly due?: number;
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
  /** Where it comes from; absent before a stream takes it. */
  readonly provenance?: Provenance;
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

/** What a decoder of H.264 needs to know before the first packet. */
export interface VideoConfiguration {
  /** `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 section 5.3.3.1): `avcC`. */
  readonly record: Uint8Array<ArrayBuffer>;
  /** For `VideoDecoder` and MediaSource (RFC 6381 section 3.3): `avc1.42c01f`. */
  readonly codec: string;
  /** Pixels of the visible picture. */
  readonly width: number;
  /** Pixels of the visible picture. */
  readonly height: number;
}

/** A packet of the video track: one access unit of H.264, its NAL units each behind four bytes of length. */
export interface VideoPacket extends Packet {
  /** Always the video track. */
  readonly track: "video";
  /** That of the frame which it shows. A frame that was repeated has several packets. */
  readonly sequence: number;
  /** Wall time when its frame was captured; of a repeated frame, when it was repeated. */
  readonly at: number;
  /** Counts up by 1 over the life of a track, whatever encoder runs: a packet needs the one before, unless it is a key. */
  readonly index: number;
  /** Describes this packet's encoding; changes only with a key packet. */
  readonly configuration: VideoConfiguration;
}

/**
 * Makes a frame from a JPEG.
 *
 * @param at Wall time when it arrived, milliseconds since the Unix epoch.
 * @param due See `Packet.due`.
 */
export function frameOf(
  data: Uint8Array<ArrayBuffer>,
  sequence: number,
  at: number,
  due?: number,
): Frame {
  return { track: "pictures", sequence, at, ...(due !== undefined && { due }), data, isKey: true };
}
