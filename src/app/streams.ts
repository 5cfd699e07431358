import { StreamSessions } from "../audience/stream_sessions.ts";
import { StreamConditions, type StreamConditionsOptions } from "../consumers/session/conditions.ts";
import { Ladder } from "../consumers/session/ladder.ts";
import { MotionWatch } from "../consumers/recording/motion_watch.ts";
import { Program } from "../producers/program.ts";
import { Snapshots } from "../streams/snapshots.ts";
import { Stream } from "../streams/stream.ts";
import type { VideoTracks } from "../streams/video.ts";
import type { AssemblyParts, AssemblySettings } from "./parts.ts";
import { createVideoTracks, type RunningVideoTracks } from "./video_tracks.ts";

/** The streams, and the sessions that watch them. */
export interface RunningStreams {
  /** What the source gives, standby cards included. */
  readonly camera: Stream;
  /** Previews of it. */
  readonly cameraSessions: StreamSessions;
  /** What viewers see. */
  readonly program: Stream;
  /** The viewers' sessions. */
  readonly programSessions: StreamSessions;
  /** Decides what the program shows. */
  readonly onAir: Program;
  /** The program as H.264. */
  readonly encoders: RunningVideoTracks;
  /** The same, unless a test gives its own. */
  readonly video: VideoTracks;
  /** Single frames of the program. */
  readonly snapshots: Snapshots;
  /** Notices motion in the program, for recordings and for events. */
  readonly motion: { readonly recording: MotionWatch; readonly events: MotionWatch };
}

/** Builds the two streams, and begins the program. */
export async function createStreams(
  { ffmpeg, h264, fps }: Pick<AssemblySettings, "ffmpeg" | "h264" | "fps">,
  parts: AssemblyParts,
): Promise<RunningStreams> {
  const { lineage, transcoder, channel, sourceRate, log, clock } = parts;
  const camera: Stream = new Stream({
    ...{ name: "camera", lineage, transcoder },
    onPart: (part) => cameraSessions.conditions.measured(part),
  });
  // Previews get the source's own bytes: making others would cost the viewers frames.
  const cameraSessions = createSessions(camera, parts, { ladder: new Ladder([]) });
  const events = new MotionWatch(parts.motion);
  const recording = new MotionWatch(events);
  const program: Stream = new Stream({
    ...{ name: "program", lineage, transcoder, motion: recording },
    onPart: (part) => programSessions.conditions.measured(part),
  });
  const encoders = createVideoTracks({ program, ffmpeg, h264, fps, sourceRate, log, clock });
  const video = parts.video ?? encoders;
  const programSessions = createSessions(program, parts, { ladder: new Ladder(), video });
  const onAir = new Program({ camera, channel, drawCard: parts.drawCard, log });
  channel.events.on("change", () => onAir.follow());
  program.take(onAir.packets(), (frame) => onAir.isDue(frame));
  if (!channel.onAir) await onAir.follow();
  return {
    ...{ camera, cameraSessions, program, programSessions, onAir, encoders, video },
    snapshots: new Snapshots({ stream: program }),
    motion: { recording, events },
  };
}

/** Builds what the sessions of a stream depend on. */
function createSessions(
  stream: Stream,
  { sourceRate, motion }: AssemblyParts,
  own: Pick<StreamConditionsOptions, "ladder" | "video">,
): StreamSessions {
  const conditions = new StreamConditions({ source: sourceRate, gaming: motion, ...own });
  return new StreamSessions(stream, conditions);
}
