import type { Clock } from "../clock.ts";
import { EncoderFinder } from "../consumers/encoder/encoder_finder.ts";
import { EncoderRun } from "../consumers/encoder/encoder_run.ts";
import {
  type EncoderName,
  type H264Choice,
  listedEncoders,
  mayHaveHardware,
} from "../consumers/encoder/encoders.ts";
import { H264Track, type TrackTotals } from "../consumers/encoder/h264_track.ts";
import { tryEncoder } from "../consumers/encoder/trial.ts";
import type { SourceRate } from "../consumers/session/source_rate.ts";
import { UserError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { H264_RENDITIONS } from "../media/h264/renditions.ts";
import type { Rendition } from "../media/rendition.ts";
import { askFfmpeg } from "../producers/ffmpeg/devices.ts";
import { FfmpegProcess } from "../producers/ffmpeg/ffmpeg.ts";
import type { Ffmpeg } from "../producers/ffmpeg/setup.ts";
import { currentSystem } from "../producers/ffmpeg/source.ts";
import { FrameSplitter } from "../producers/ffmpeg/splitter.ts";
import type { Stream } from "../streams/stream.ts";
import type { VideoTrack, VideoTracks } from "../streams/video.ts";
import { deviceExists } from "./device_exists.ts";

/** If no frame comes, encoders are looked for after so many ticks: two seconds. */
const PATIENCE_TICKS = 8;

/** ffmpeg has so long for the frames of a trial, which takes a part of a second. Milliseconds. */
const TEST_FRAMES_MS = 10_000;

/** What the tracks build on. */
export interface VideoTracksOptions {
  /** Whose frames to encode. */
  readonly program: Pick<Stream, "join" | "leave" | "size" | "newest">;
  /** The path or name of ffmpeg. */
  readonly ffmpeg: string;
  /** Which encoder to use. */
  readonly h264: H264Choice;
  /** Frames a second requested from the source. */
  readonly fps: number;
  /** How many it gives. */
  readonly sourceRate: Pick<SourceRate, "fps">;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** The tracks, and what they count. */
export interface RunningVideoTracks extends VideoTracks, AsyncDisposable {
  /** The encoder that viewers' video is made with; `null` if there is none, or before it is found. */
  readonly encoder: EncoderName | null;
  /** How many encoders run. */
  readonly running: number;
  /** What all tracks have done since the start. */
  readonly totals: TrackTotals;
  /** Does what is due. Call it four times a second. */
  tick(): void;
}

/** Builds the H.264 encodings of a stream. Nothing runs until somebody joins one, but for finding an encoder. */
export function createVideoTracks(options: VideoTracksOptions): RunningVideoTracks {
  const { program: stream, ffmpeg: program, h264, sourceRate, log, clock } = options;
  const closing = new AbortController();
  const finder = createFinder(options, closing.signal);
  const tracks: readonly H264Track[] = (h264 === "off" ? [] : H264_RENDITIONS).map((rendition) =>
    new H264Track({
      ...{ stream, rendition, finder, log, clock },
      requestedFps: options.fps,
      fps: () => sourceRate.fps,
      start: (run) => new EncoderRun({ ...run, program, log }),
      onTooSlow() {
        for (const other of tracks) if (other.rendition.scale >= rendition.scale) other.rest();
      },
    })
  );
  const byRendition = new Map<Rendition, VideoTrack>(
    tracks.map((track) => [track.rendition, track]),
  );
  let patience = PATIENCE_TICKS;
  return {
    get isOffered() {
      return finder.mayFind;
    },
    get available() {
      return tracks.filter((track) => track.isAvailable);
    },
    trackOf: (rendition) => byRendition.get(rendition.with({ filter: "none" })) ?? null,
    get encoder() {
      return finder.encoder;
    },
    get running() {
      return tracks.filter((track) => track.isRunning).length;
    },
    get totals() {
      const sum = (name: keyof TrackTotals) =>
        tracks.reduce((total, { totals }) => total + totals[name], 0);
      return { encoded: sum("encoded"), dropped: sum("dropped"), failures: sum("failures") };
    },
    tick() {
      // The processor is for the first frame until that is there.
      if (stream.newest !== null || --patience < 0) finder.find();
      for (const track of tracks) track.tick();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(tracks.map((track) => track[Symbol.asyncDispose]()));
      await finder.found;
    },
  };
}

/**
 * Checks that ffmpeg has the encoder that the streamer chose.
 *
 * @throws {UserError} It has not.
 */
export async function checkEncoder(program: string, h264: H264Choice, log: Logger): Promise<void> {
  if (h264 === "auto" || h264 === "off") return;
  let listed: EncoderName[];
  try {
    listed = listedEncoders(await listEncoders(program, log));
  } catch {
    // That there is no ffmpeg is said where the source is opened.
    return;
  }
  if (listed.includes(h264)) return;
  const others = listed.length === 0 ? "none of H.264" : listed.join(", ");
  throw new UserError(`Cannot use --h264 ${h264}: ffmpeg has no such encoder (it has ${others})`);
}

/** Returns what `ffmpeg -encoders` writes. Rejects if it cannot be started. */
export async function listEncoders(
  program: string,
  log: Logger,
  signal?: AbortSignal,
): Promise<string> {
  const ffmpeg = { program, system: currentSystem(), log };
  return (await askFfmpeg(ffmpeg, ["-encoders"], signal)).text;
}

function createFinder(options: VideoTracksOptions, signal: AbortSignal): EncoderFinder {
  const { ffmpeg, h264, log, clock } = options;
  return new EncoderFinder({
    ...{ choice: h264, signal },
    list: () => listEncoders(ffmpeg, log, signal),
    mayWork: (encoder) => mayHaveHardware(encoder, currentSystem(), deviceExists),
    measure: async (encoders) => {
      const frames = await testFrames({ program: ffmpeg, system: currentSystem(), log }, signal);
      const delays: (number | null)[] = [];
      // One after another, as each is to have the machine for itself.
      for (const encoder of encoders as EncoderName[]) {
        delays.push(await tryEncoder({ program: ffmpeg, encoder, frames, clock, log, signal }));
      }
      return delays;
    },
    log,
  });
}

/** Returns a second of JPEGs of ffmpeg's test picture; fewer if it takes too long. */
async function testFrames(ffmpeg: Ffmpeg, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> {
  const splitter = new FrameSplitter();
  const frames: Uint8Array<ArrayBuffer>[] = [];
  const process = new FfmpegProcess({
    ffmpeg,
    args: [
      ...["-hide_banner", "-nostdin", "-loglevel", "quiet", "-f", "lavfi"],
      ...["-i", "testsrc2=s=1280x720:r=30:d=1", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "pipe:1"],
    ],
    onData: (chunk) => void frames.push(...splitter.push(chunk)),
    onLine: () => {},
  });
  const kill = () => process.kill();
  const timer = setTimeout(kill, TEST_FRAMES_MS);
  signal.addEventListener("abort", kill);
  if (signal.aborted) kill();
  await process.ended;
  signal.removeEventListener("abort", kill);
  clearTimeout(timer);
  return frames;
}
