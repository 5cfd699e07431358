import type { Channel } from "../channel/channel.ts";
import type { Clock } from "../clock.ts";
import type { Hls } from "../consumers/hls/hls.ts";
import type { Publications } from "../consumers/publisher/publications.ts";
import type { MotionWatch } from "../consumers/recording/motion_watch.ts";
import type { Recordings } from "../consumers/recording/recordings.ts";
import type { Logger } from "../log/log.ts";
import type { AacTrack } from "../streams/aac.ts";
import type { Snapshots } from "../streams/snapshots.ts";
import type { SoundStream } from "../streams/sound_stream.ts";
import type { Stream } from "../streams/stream.ts";
import type { VideoTracks } from "../streams/video.ts";
import { createAacTrack } from "./aac_track.ts";
import { createHls } from "./hls.ts";
import type { AssemblySettings } from "./parts.ts";
import { createPublications } from "./publishing.ts";
import { createRecordings } from "./recording.ts";
import { openUploads } from "./uploads.ts";

/** What outputs are made of. */
export interface OutputParts {
  /** The picture. */
  readonly program: Stream;
  /** The same as H.264. */
  readonly video: VideoTracks;
  /** The sound. */
  readonly sound: SoundStream;
  /** Makes thumbnails of recordings. */
  readonly snapshots: Snapshots;
  /** Notices motion, for recordings. */
  readonly motion: MotionWatch;
  /** Whether it is on air. */
  readonly channel: Pick<Channel, "onAir" | "events">;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Where the program goes beside its viewers. */
export interface Outputs extends AsyncDisposable {
  /** Its sound as AAC, with silence where it has none. */
  readonly aac: AacTrack;
  /** What is recorded; `null` without a folder for it. */
  readonly recordings: Recordings | null;
  /** The program as HLS; idle until somebody fetches or uploads it. */
  readonly hls: Hls;
  /** Where it is published to. */
  readonly publications: Publications;
  /** Does what is due. Call it four times a second. */
  tick(): void;
}

/**
 * Builds recordings, HLS and publications, and begins those that the settings name.
 *
 * @throws {UserError} The program cannot be published to one of its targets.
 */
export function createOutputs(
  settings: Pick<AssemblySettings, "ffmpeg" | "recording" | "publish">,
  parts: OutputParts,
): Outputs {
  const { ffmpeg, publish = [] } = settings;
  const { video, sound, log, clock } = parts;
  const aac = createAacTrack({ sound, ffmpeg, log, clock });
  const recordings = settings.recording ? createRecordings(settings.recording, parts) : null;
  const hls = createHls({ video, aac, clock });
  const uploads = openUploads(publish, log);
  const publications = createPublications(publish, {
    ...{ video, aac, hls, uploads, ffmpeg, log, clock },
  });
  return {
    ...{ aac, recordings, hls, publications },
    tick() {
      recordings?.tick();
      hls.tick();
      publications.tick();
    },
    async [Symbol.asyncDispose]() {
      await recordings?.[Symbol.asyncDispose]();
      const unpublished = publications[Symbol.asyncDispose]();
      // An upload that is under way would be waited for.
      uploads?.[Symbol.dispose]();
      await unpublished;
      hls.stop();
      await aac[Symbol.asyncDispose]();
    },
  };
}
