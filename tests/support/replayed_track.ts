import { H264_RENDITIONS } from "../../src/media/h264/renditions.ts";
import type { VideoPacket } from "../../src/media/packet.ts";
import { encodeVideoPart } from "../../src/media/video_part.ts";
import type { VideoConsumer, VideoTrack, VideoTracks } from "../../src/streams/video.ts";
import type { H264Clip } from "./h264_clip.ts";

/** A clip that nothing can decode, for tests without ffmpeg. */
export const INVENTED_CLIP: H264Clip = {
  configuration: {
    record: Uint8Array.of(1, 66, 192, 31, 255, 0xe1, 0, 2, 0x67, 1, 1, 0, 2, 0x68, 2),
    codec: "avc1.42c01f",
    width: 32,
    height: 16,
  },
  units: [{ isKey: true, data: Uint8Array.of(0, 0, 0, 2, 0x65, 1) }],
};

/** A track that repeats a clip, at 30 frames a second or whenever the test says so. */
export class ReplayedTrack implements VideoTrack {
  readonly rendition = H264_RENDITIONS[0];
  readonly bytes = 10_000;
  readonly isKeyNear = false;
  isAvailable = true;
  /** How often a key packet was requested. */
  requests = 0;
  readonly consumers = new Set<VideoConsumer>();
  #clip: H264Clip;
  #position = 0;
  #index = 0;

  constructor(clip: H264Clip) {
    this.#clip = clip;
  }

  /** Goes on with another clip, as after a change of size. */
  set clip(clip: H264Clip) {
    this.#clip = clip;
    this.#position = 0;
  }

  join(consumer: VideoConsumer): void {
    this.consumers.add(consumer);
  }

  leave(consumer: VideoConsumer): void {
    this.consumers.delete(consumer);
  }

  requestKey(): void {
    this.requests++;
  }

  /** Gives the next packet to those who joined. */
  give(at = Date.now()): VideoPacket {
    const { configuration, units } = this.#clip;
    const unit = units[this.#position++ % units.length];
    const index = ++this.#index;
    const packet = { track: "video", sequence: index, index, at, configuration, ...unit } as const;
    const part = encodeVideoPart(packet, this.rendition);
    for (const consumer of [...this.consumers]) consumer.deliver(packet, part);
    return packet;
  }

  /** Leaves a packet out, as one that nobody gets. */
  skip(): void {
    this.#position++;
    this.#index++;
  }

  /** Gives packets in real time until it is disposed. */
  play(): Disposable {
    const begun = performance.now();
    let given = 0;
    const timer = setInterval(() => {
      for (; given * 1_000 / 30 <= performance.now() - begun; given++) this.give();
    }, 5);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
}

/** The given tracks, as a stream has them: those that can be had, the best one first. */
export function tracksOf(...tracks: readonly VideoTrack[]): VideoTracks {
  return {
    isOffered: true,
    get available() {
      return tracks.filter(({ isAvailable }) => isAvailable);
    },
    trackOf: (rendition) =>
      tracks.find((track) => track.rendition === rendition.with({ filter: "none" })) ?? null,
  };
}
