import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import type { Logger } from "../../log/log.ts";
import { FlvReader } from "../../media/flv.ts";
import { pictureForm } from "../../media/jpeg/form.ts";
import { stepsOf } from "../../media/jpeg/orientation.ts";
import type { Size } from "../../media/jpeg/size.ts";
import { matroskaFrame, matroskaHead, matroskaSound } from "../../media/matroska.ts";
import { channelsOf } from "../../media/opus.ts";
import type { HeldPast } from "../../streams/past.ts";
import type { EncoderName } from "../encoder/encoders.ts";
import {
  ANIMATION_FPS,
  animationArgs,
  type ClipPicture,
  movieArgs,
  pixelBytes,
  pixelsArgs,
} from "./encodings.ts";
import { ClipFailure } from "./failure.ts";
import { runFfmpeg } from "./ffmpeg_run.ts";
import { MovieWriter } from "./movie_writer.ts";
import type { ClipFrame, Timeline } from "./timeline.ts";

/** The longest side of a movie, and of an animation. Pixels. */
const MAX_MOVIE_SIDE = 1_920;
const MAX_ANIMATION_SIDE = 480;

/** The timestamp at which clips begin for ffmpeg: the sound's encoder begins earlier. Milliseconds. */
const BEGIN = 1_000;

/** The sizes of frames are looked at in such steps: they change seldom. Milliseconds. */
const LOOK_MS = 500;

/**
 * The size that ffmpeg is given at first. It takes frames whose height is less than three quarters of that
 * for fields of interlaced ones.
 */
const NO_SIZE = { width: 16, height: 16 };

/** Beside what any ffmpeg may use, for each pixel. Bytes. */
const BYTES_PER_PIXEL = 64;

/** An animation's palette is made of all its frames, and WebP keeps all. Bytes. */
const ANIMATION_MEMORY = 512 << 20;

/** A clip to make. */
export interface ClipOrder {
  /** What it will be. */
  readonly format: "mp4" | "gif" | "webp";
  /** What it shows, and when. */
  readonly timeline: Timeline;
  /** Returns the JPEG of a frame; `null` if it is gone. */
  readonly read: HeldPast["read"];
}

/** Takes a clip while it is being made. */
export interface ClipOutput {
  /** Takes its next bytes. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Takes how much of it is made, 0..1. */
  readonly progress: (share: number) => void;
  /** Ends the making. */
  readonly signal: AbortSignal;
}

/** Options of {@linkcode ClipMaker}. */
export interface ClipMakerOptions {
  /** The ffmpeg to run. */
  readonly program: string;
  /** Returns which encoder of H.264 to use; `null` if there is none. */
  readonly encoder: () => Promise<EncoderName | null>;
  /** Receives what cannot be guarded here. */
  readonly log: Pick<Logger, "debug">;
  /** How long an ffmpeg may do nothing. Default: 20 seconds. Milliseconds. */
  readonly hangMs?: number;
}

/** Makes clips with ffmpeg, which reads and writes through pipes alone. */
export class ClipMaker {
  readonly #options: ClipMakerOptions;

  /** Runs nothing until {@linkcode make}. */
  constructor(options: ClipMakerOptions) {
    this.#options = options;
  }

  /**
   * Makes a clip.
   *
   * @throws {ClipFailure} It cannot be made.
   */
  async make(order: ClipOrder, output: ClipOutput): Promise<void> {
    if (order.format === "mp4") await this.#makeMovie(order, output);
    else await this.#makeAnimation(order, order.format, output);
  }

  async #makeMovie({ timeline, read }: ClipOrder, output: ClipOutput): Promise<void> {
    const encoder = await this.#options.encoder();
    if (encoder === null) throw new ClipFailure("no-encoder");
    const { sound, duration } = timeline;
    const channels = sound.length === 0 ? null : mostChannels(sound);
    const writer = new MovieWriter(channels);
    output.write(writer.begin());
    const picture = await pictureOf(timeline.frames, read, MAX_MOVIE_SIDE);
    const reader = new FlvReader();
    await this.#run({
      args: movieArgs(picture, encoder, channels),
      maxMemory: memoryOf(encoder, picture.size),
      input: matroskaOf(timeline, channels, read),
      signal: output.signal,
      onOutput(chunk) {
        const bytes = writer.write(reader.pushAll(chunk));
        if (bytes) output.write(bytes);
        output.progress(((writer.timestamp ?? BEGIN) - BEGIN) / duration);
      },
    });
    output.write(writer.end(BEGIN, BEGIN + duration));
  }

  async #makeAnimation(
    { timeline, read }: ClipOrder,
    format: "gif" | "webp",
    output: ClipOutput,
  ): Promise<void> {
    const frames = evenFrames(timeline);
    const { size, ...picture } = await pictureOf(frames, read, MAX_ANIMATION_SIDE);
    const { signal } = output;
    const pixels = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    const pixelWriter = pixels.writable.getWriter();
    const whole = frames.length * pixelBytes(size);
    let done = 0;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const decoding = this.#run({
      args: pixelsArgs({ size, ...picture }),
      maxMemory: memoryOf("libx264", size),
      input: matroskaOf({ frames, sound: [] }, null, read),
      signal: either,
      async onOutput(chunk) {
        await pixelWriter.write(chunk);
        // The rest is for the encoder, of which nothing can be seen until its end.
        output.progress(0.8 * (done += chunk.length) / whole);
      },
    }).then(() => pixelWriter.close());
    const encoding = this.#run({
      args: animationArgs(size, format),
      maxMemory: MAX_FFMPEG_MEMORY + ANIMATION_MEMORY,
      input: pixels.readable,
      signal: either,
      onOutput: output.write,
    });
    const failed = async (error: unknown) => {
      stop.abort();
      // Neither waits for the other any more.
      await pixelWriter.abort(error).catch(() => {});
      throw error;
    };
    const ends = await Promise.allSettled([decoding.catch(failed), encoding.catch(failed)]);
    const reasons = ends.flatMap((end) => end.status === "rejected" ? [end.reason] : []);
    // The first failure cancels the other ffmpeg.
    const cause = reasons.find(({ code }) => code !== "cancelled") ?? reasons[0];
    if (cause) throw cause;
  }

  #run(
    own: Omit<Parameters<typeof runFfmpeg>[0], "program" | "log" | "hangMs">,
  ): Promise<void> {
    const { program, log, hangMs } = this.#options;
    return runFfmpeg({ program, log, hangMs, ...own });
  }
}

/** Returns those frames that an animation shows, each for as long as the others. */
function evenFrames({ frames, duration }: Timeline): ClipFrame[] {
  const step = 1_000 / ANIMATION_FPS;
  const count = Math.max(1, Math.round(duration / step));
  let place = 0;
  return Array.from({ length: count }, (_, i) => {
    while (place + 1 < frames.length && frames[place + 1].time <= i * step) place++;
    return { frame: frames[place].frame, time: i * step };
  });
}

/** Looks for the size in which all frames can be shown: that of the largest. */
async function pictureOf(
  frames: readonly ClipFrame[],
  read: HeldPast["read"],
  maxSide: number,
): Promise<ClipPicture> {
  let largest: ReturnType<typeof pictureForm> = null;
  let lookAt = 0;
  for (const [i, { frame, time }] of frames.entries()) {
    if (time < lookAt && i < frames.length - 1) continue;
    const jpeg = await read(frame);
    const form = jpeg && pictureForm(jpeg);
    if (!form) continue;
    lookAt = time + LOOK_MS;
    const area = largest ? largest.width * largest.height : 0;
    if (form.width * form.height > area) largest = form;
  }
  if (!largest) throw new ClipFailure("gone");
  const { orientation } = largest;
  const { transposed } = stepsOf(orientation);
  const [width, height] = transposed
    ? [largest.height, largest.width]
    : [largest.width, largest.height];
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.floor(side * scale / 2 + 1e-6));
  return { size: { width: even(width), height: even(height) }, orientation };
}

/** Writes frames and sound in the order of their times. Frames that are gone are left out. */
async function* matroskaOf(
  { frames, sound }: Pick<Timeline, "frames" | "sound">,
  channels: 1 | 2 | null,
  read: HeldPast["read"],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield matroskaHead(NO_SIZE, fpsOf(frames), channels === null ? undefined : { channels });
  let heard = 0;
  function* until(time: number) {
    for (; heard < sound.length && sound[heard].time <= time; heard++) {
      yield matroskaSound(sound[heard].data, BEGIN + sound[heard].time);
    }
  }
  for (const { frame, time } of frames) {
    yield* until(time);
    const jpeg = await read(frame);
    if (jpeg) yield matroskaFrame(jpeg, BEGIN + time);
  }
  yield* until(Infinity);
}

/** Returns about how many frames there are a second. */
function fpsOf(frames: readonly ClipFrame[]): number {
  const span = frames[frames.length - 1].time - frames[0].time;
  return span === 0
    ? ANIMATION_FPS
    : Math.min(120, Math.max(1, 1_000 * (frames.length - 1) / span));
}

function mostChannels(sound: Timeline["sound"]): 1 | 2 {
  return sound.some(({ data }) => channelsOf(data) === 2) ? 2 : 1;
}

/** Returns the limit of an encoder's memory in bytes; with hardware none, as drivers map much that nobody uses. */
function memoryOf(encoder: EncoderName, { width, height }: Size): number | undefined {
  if (encoder !== "libx264") return undefined;
  return MAX_FFMPEG_MEMORY + BYTES_PER_PIXEL * Math.max(width * height, 1920 * 1080);
}
