import type { VideoPacket } from "../media/packet.ts";
import type { Rendition } from "../media/rendition.ts";
import type { VideoPart } from "../media/video_part.ts";

/** Takes the H.264 of a stream: a session, the body of a program's response. */
export interface VideoConsumer {
  /** Takes the next packet. The first one may be a delta, which nothing can decode without a key packet. */
  deliver(packet: VideoPacket, part: VideoPart): void;
}

/** One H.264 encoding of a stream, made once for all its consumers and only while there are any. */
export interface VideoTrack {
  /** How it is encoded. */
  readonly rendition: Rendition;
  /**
   * Whether it can be had now. Not before ffmpeg was found to have an encoder, nor while one that failed
   * waits for its next try. Consumers of a track that becomes unavailable get nothing, and may stay.
   */
  readonly isAvailable: boolean;
  /** Bytes of a packet, key packets included, as measured over the last seconds; else by its bit rate. */
  readonly bytes: number;
  /** Whether the next frame becomes a key packet, or one that did is still in the encoder. */
  readonly isKeyNear: boolean;
  /** Adds a consumer, and starts the encoder for the first. */
  join(consumer: VideoConsumer): void;
  /** Removes a consumer. The encoder stops some time after the last one. */
  leave(consumer: VideoConsumer): void;
  /** Makes the next frame a key packet, unless one came a moment ago. */
  requestKey(): void;
}

/** The H.264 encodings of a stream. */
export interface VideoTracks {
  /** Whether there may be tracks: H.264 is not off, and ffmpeg is not known to have no encoder. */
  readonly isOffered: boolean;
  /** The tracks that can be had now, the best one first; none without an encoder. */
  readonly available: readonly VideoTrack[];
  /** Returns the track of a rendition, whatever its filter; `null` if there is none. */
  trackOf(rendition: Rendition): VideoTrack | null;
}

/** No H.264. */
export const NO_VIDEO: VideoTracks = { isOffered: false, available: [], trackOf: () => null };
