import { setTimeout as delay } from "node:timers/promises";
import { createVideoTracks } from "../../../src/app/video_tracks.ts";
import { SYSTEM_CLOCK } from "../../../src/clock.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { Stream } from "../../../src/streams/stream.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { childrenRunning } from "../../support/children_running.ts";
import { framesOf } from "../../support/clips.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { until } from "../../support/until.ts";
import type { VideoClip } from "./clips.ts";
import { CpuMeter } from "./cpu_meter.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";

/** What the command line of an ffmpeg that encodes H.264 has. */
export const ENCODES = /libx264|h264_/;

const FPS = 30;
/** The encoder has started, and its threads are warm. Milliseconds. */
const SETTLING_MS = 3000;
/** An encoder that nobody needs stops after 10 s, and takes a moment to. Milliseconds. */
const LINGER_MS = 13_000;

export interface EncoderFigures {
  /** From the frame handed over to its packet. Milliseconds. */
  readonly delay: Quantiles;
  /** Cores of the encoder. */
  readonly cores: number;
  /** The share of frames that gave a packet. */
  readonly encoded: number;
  /** Megabits a second. */
  readonly mbps: number;
  /** Encoders that run when nobody has needed one for 13 s. */
  readonly left: number;
}

/** Measures the encoder of the best rendition alone, with frames of a clip at 30 a second. */
export async function encoderDelay(clip: VideoClip, seconds: number): Promise<EncoderFigures> {
  const frames = await framesOf({ path: clip.path, format: "mjpeg" });
  const program = new Stream({
    name: "program",
    transcoder: { transcode: () => Promise.resolve(null) },
  });
  await using tracks = createVideoTracks({
    ...{ program, ffmpeg: "ffmpeg", h264: "auto", fps: FPS, sourceRate: { fps: FPS } },
    ...{ log: recordingLog(), clock: SYSTEM_CLOCK },
  });
  const ticking = setInterval(() => tracks.tick(), 250);
  const published = new Map<number, number>();
  let sequence = 0;
  const flowing = flow(() => {
    published.set(++sequence, performance.now());
    program.publish(frames[sequence % frames.length]);
  });
  try {
    const track = await until(
      "an encoder",
      () => tracks.trackOf(H264_RENDITIONS[0])!,
      (found) => found.isAvailable,
    );
    const delays: number[] = [];
    let bytes = 0, counts = false;
    const consumer = {
      deliver({ sequence, data }: { readonly sequence: number; readonly data: Uint8Array }) {
        if (!counts) return;
        delays.push(performance.now() - published.get(sequence)!);
        bytes += data.length;
      },
    };
    track.join(consumer);
    await delay(SETTLING_MS);
    const meter = await CpuMeter.start(() => childrenRunning(Deno.pid, ENCODES));
    const [from, first] = [performance.now(), sequence];
    counts = true;
    await delay(seconds * 1000);
    counts = false;
    const [took, given] = [(performance.now() - from) / 1000, sequence - first];
    const cores = await meter.cores();
    track.leave(consumer);
    await delay(LINGER_MS);
    const left = (await childrenRunning(Deno.pid, ENCODES)).length;
    return {
      ...{ cores, left, delay: quantiles(delays), encoded: delays.length / given },
      mbps: bytes * 8 / took / 1e6,
    };
  } finally {
    flowing[Symbol.dispose]();
    clearInterval(ticking);
  }
}

/** Measures what a JPEG of about the same look takes on one thread of this process. */
export async function jpegDelay(
  clip: VideoClip,
): Promise<Pick<EncoderFigures, "delay" | "cores" | "mbps">> {
  const frames = await framesOf({ path: clip.path, format: "mjpeg" });
  const codec = new DctCodec();
  const rendition = SOURCE.with({ quality: H264_RENDITIONS[0].quality });
  // After some frames the compilers have optimized the hot loops.
  for (const frame of frames) codec.transcode(frame, [rendition]);
  let bytes = 0;
  const times = frames.map((frame) => {
    const start = performance.now();
    bytes += codec.transcode(frame, [rendition]).outputs[0].length;
    return performance.now() - start;
  });
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return {
    delay: quantiles(times),
    cores: mean * FPS / 1000,
    mbps: bytes / frames.length * 8 * FPS / 1e6,
  };
}

/** Calls at an even rate, whatever timers do. */
function flow(step: () => void): Disposable {
  const begun = performance.now();
  let count = 0, timer = 0 as unknown as ReturnType<typeof setTimeout>;
  const next = () => {
    step();
    timer = setTimeout(next, Math.max(0, begun + ++count * 1000 / FPS - performance.now()));
  };
  next();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
