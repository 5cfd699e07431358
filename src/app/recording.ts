import { resolve } from "node:path";
import type { Channel } from "../channel/channel.ts";
import type { Clock } from "../clock.ts";
import { H264Feed } from "../consumers/passages/h264_feed.ts";
import { JpegFeed } from "../consumers/recording/jpeg_feed.ts";
import type { KeepRule } from "../consumers/recording/keep.ts";
import type { MotionWatch } from "../consumers/recording/motion_watch.ts";
import { Recorder } from "../consumers/recording/recorder.ts";
import { Recordings } from "../consumers/recording/recordings.ts";
import { SegmentWriter } from "../consumers/recording/segment_writer.ts";
import { Shelf } from "../consumers/recording/shelf.ts";
import { openStorage, type RecordingStorage } from "../consumers/recording/storage.ts";
import type { RecordCodec } from "../consumers/recording/record_codec.ts";
import type { RecordingRule } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import { Rendition } from "../media/rendition.ts";
import type { Snapshots } from "../streams/snapshots.ts";
import type { SoundStream } from "../streams/sound_stream.ts";
import type { Stream } from "../streams/stream.ts";
import type { VideoTracks } from "../streams/video.ts";

/** Bytes that stay free on the disk, so that the machine goes on working. */
const MIN_FREE = 1e9;

/** What stands for a recording in a list. */
const THUMBNAIL = Rendition.of({ quality: 60, scale: 0.25, filter: "none" });

/** What the command line says about recordings, and where they go. */
export interface RecordingSettings {
  /** The folder. */
  readonly storage: RecordingStorage;
  /** What is recorded at first. */
  readonly when: RecordingRule;
  /** How. */
  readonly codec: RecordCodec;
  /** What is deleted; `null` for nothing. */
  readonly keep: KeepRule | null;
  /** Bytes that stay free on the disk. Default: 1 GB. */
  readonly minFree?: number;
}

/** What {@linkcode openRecording} reads of the command line. */
export interface RecordingOptions {
  /** The folder; `null` to record nothing. */
  readonly record: string | null;
  /** What is recorded at first. */
  readonly recordWhen: RecordingRule;
  /** How. */
  readonly recordCodec: RecordCodec;
  /** What is deleted; `null` for nothing. */
  readonly keep: KeepRule | null;
}

/**
 * Opens the folder for recordings; `null` if nothing is to be recorded.
 *
 * @throws {UserError} It cannot be used.
 */
export async function openRecording(options: RecordingOptions): Promise<RecordingSettings | null> {
  const { record, recordWhen: when, recordCodec: codec, keep } = options;
  if (record === null) return null;
  return { storage: await openStorage(resolve(record)), when, codec, keep };
}

/** What recordings and the other outputs are made of. */
export interface RecordedParts {
  /** The picture. */
  readonly program: Stream;
  /** The same as H.264. */
  readonly video: VideoTracks;
  /** The sound. */
  readonly sound: SoundStream;
  /** Makes thumbnails. */
  readonly snapshots: Snapshots;
  /** Notices motion. */
  readonly motion: MotionWatch;
  /** Whether it is on air. */
  readonly channel: Pick<Channel, "onAir" | "events">;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Builds the recordings, which begin at once if they are to. */
export function createRecordings(settings: RecordingSettings, parts: RecordedParts): Recordings {
  const { storage, when, codec, keep, minFree = MIN_FREE } = settings;
  const { program, video, sound, snapshots, motion, channel, log, clock } = parts;
  const shelf = new Shelf({ storage, rule: keep, minFree, log, clock });
  const illustrate = async (name: string) => {
    const part = await snapshots.take(THUMBNAIL);
    // The recording is worth more.
    if (part) await storage.illustrate(name, part.jpeg.slice()).catch(() => {});
  };
  const writer = new SegmentWriter({
    ...{ storage, kind: codec === "copy" ? "mkv" : "mp4", log, clock },
    onBegin(name) {
      shelf.changed();
      illustrate(name);
    },
    onEnd: () => shelf.changed(),
  });
  const recorder = new Recorder({
    ...{ sound, writer, clock },
    feed: (listener) =>
      codec === "copy" ? new JpegFeed(program, listener, clock) : new H264Feed({
        ...{ tracks: video, listener, clock },
        advice: "use --record-codec copy to record the JPEGs instead",
      }),
  });
  motion.onMotion = (at) => recorder.moved(at);
  const recordings = new Recordings({
    ...{ recorder, writer, shelf, storage, when },
    isOnAir: () => channel.onAir,
    watchMotion: (isWatched) => motion.watch(isWatched ? program : null),
  });
  channel.events.on("change", () => recordings.follow());
  recordings.follow();
  return recordings;
}
