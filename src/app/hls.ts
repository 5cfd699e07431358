import type { Clock } from "../clock.ts";
import { newToken } from "../channel/secret.ts";
import { Hls } from "../consumers/hls/hls.ts";
import type { AacTrack } from "../streams/aac.ts";
import type { VideoTracks } from "../streams/video.ts";

/** Hexadecimal digits that the names of files begin with: no two starts have the same, but once in four billion. */
const PREFIX_LENGTH = 8;

/** What HLS builds on. */
export interface HlsParts {
  /** The H.264 of the program. */
  readonly video: VideoTracks;
  /** Its sound. */
  readonly aac: AacTrack | null;
  /** The time. */
  readonly clock: Clock;
}

/** Builds the program as HLS. */
export function createHls({ video: tracks, aac, clock }: HlsParts): Hls {
  const prefix = newToken().slice(0, PREFIX_LENGTH);
  return new Hls({ tracks, aac, prefix, clock });
}
