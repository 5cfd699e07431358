/** What a stream carries side by side: JPEG pictures, Opus sound, H.264 video. */
export type Track = "pictures" | "sound" | "video";

/** One timed unit of one track. Nothing changes it, or its bytes, once it was made. */
export interface Packet {
  readonly track: Track;
  /** Counts up from 1 over the life of whatever numbers the packets: a producer or a stream. */
  readonly sequence: number;
  /** Wall time at which the last byte arrived. Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether it can be decoded without the packets before it. */
  readonly isKey: boolean;
}

/** A packet of the picture track: one whole JPEG. */
export interface Frame extends Packet {
  readonly track: "pictures";
  readonly isKey: true;
}

/**
 * Makes a frame of a JPEG.
 *
 * @param at Wall time of its arrival, milliseconds since the Unix epoch.
 */
export function frameOf(data: Uint8Array<ArrayBuffer>, sequence: number, at: number): Frame {
  return { track: "pictures", sequence, at, data, isKey: true };
}
