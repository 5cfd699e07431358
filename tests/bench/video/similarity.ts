import { setTimeout as delay } from "node:timers/promises";
import { type EncodedFrame, EncoderRun } from "../../../src/consumers/encoder/encoder_run.ts";
import { encodeAnnexB } from "../../../src/media/h264/annex_b.ts";
import { parameterSetsOf } from "../../../src/media/h264/parameter_sets.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import type { Size } from "../../../src/media/jpeg/size.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { framesOf } from "../../support/clips.ts";
import { join } from "../../support/jpegs.ts";
import type { VideoClip } from "./clips.ts";
import { lumaSsim } from "./ssim.ts";

const FPS = 30;
/** Frames from key to key. */
const GROUP = 30;
/** The encoder has found its rate by then; the rest of a clip, four groups, is compared. Frames. */
const SETTLING = GROUP;
/** A frame takes no longer, even on a busy machine. Milliseconds. */
const PATIENCE_MS = 20_000;
/** JPEG qualities whose sizes and looks are measured; between them, it is interpolated. */
const QUALITIES = [5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90] as const;

/** Bits and look of an encoding. */
export interface Look {
  /** Megabits a second at 30 frames a second. */
  readonly mbps: number;
  /** Structural similarity of the luma to the camera's own JPEGs. */
  readonly ssim: number;
}

export interface Similarity {
  readonly video: Look;
  /** JPEGs of the product, from coarse to fine. */
  readonly pictures: readonly Look[];
}

/** Measures H.264 at 2.5 Mbit/s and JPEGs, both as the server makes them, on the same frames of a clip. */
export async function similarity(clip: VideoClip): Promise<Similarity> {
  const frames = await framesOf({ path: clip.path, format: "mjpeg" });
  const encoded = (await encode(frames, clip)).slice(SETTLING);
  const originals = frames.slice(SETTLING);
  const folder = await Deno.makeTempDir({ prefix: "similarity_" });
  try {
    const path = (name: string) => `${folder}/${name}`;
    await Deno.writeFile(path("original.mjpeg"), join(...originals));
    await Deno.writeFile(path("video.h264"), join(...encoded.map(annexB)));
    const reference = path("original.mjpeg");
    const video = {
      mbps: rateOf(encoded.map(({ data }) => data)),
      ssim: await lumaSsim({ path: path("video.h264"), format: "h264" }, reference),
    };
    const codec = new DctCodec();
    const pictures: Look[] = [];
    for (const quality of QUALITIES) {
      const rendition = SOURCE.with({ quality });
      const made = originals.map((jpeg) => codec.transcode(jpeg, [rendition]).outputs[0]);
      await Deno.writeFile(path("picture.mjpeg"), join(...made));
      pictures.push({
        mbps: rateOf(made),
        ssim: await lumaSsim({ path: path("picture.mjpeg"), format: "mjpeg" }, reference),
      });
    }
    return { video, pictures };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the similarity of JPEGs with so many bits, interpolated by their logarithm. */
export function ssimAt(pictures: readonly Look[], mbps: number): number {
  return interpolate(pictures.map(({ mbps, ssim }) => [Math.log(mbps), ssim]), Math.log(mbps));
}

/** Returns the bits of JPEGs with that similarity, in megabits a second. */
export function bitsAt(pictures: readonly Look[], ssim: number): number {
  return Math.exp(interpolate(pictures.map(({ mbps, ssim }) => [ssim, Math.log(mbps)]), ssim));
}

function interpolate(points: readonly (readonly [number, number])[], x: number): number {
  const after = points.findIndex(([at]) => at >= x);
  if (after < 1) return NaN;
  const [[x0, y0], [x1, y1]] = [points[after - 1], points[after]];
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

/** Returns the megabits a second of frames. */
function rateOf(frames: readonly Uint8Array[]): number {
  const bytes = frames.reduce((sum, { length }) => sum + length, 0);
  return bytes / frames.length * 8 * FPS / 1e6;
}

/**
 * Encodes a clip as the server does, whatever the machine's speed: each frame is handed over when the one
 * before is encoded, by a clock that says it came a thirtieth of a second later.
 */
async function encode(
  frames: readonly Uint8Array<ArrayBuffer>[],
  size: Size,
): Promise<EncodedFrame[]> {
  const encoded: EncodedFrame[] = [];
  let now = 0, next = () => {};
  const run = new EncoderRun({
    log: { debug: () => {} },
    ...{ program: "ffmpeg", encoder: "libx264", rendition: H264_RENDITIONS[0], fps: FPS },
    form: { ...size, orientation: 1 },
    clock: { monotonic: () => now },
    listener: {
      encoded(frame) {
        encoded.push(frame);
        next();
      },
      dropped: () => next(),
    },
  });
  try {
    for (const [sequence, data] of frames.entries()) {
      now = sequence * 1000 / FPS;
      const { promise, resolve } = Promise.withResolvers<void>();
      next = resolve;
      run.encode({ data, sequence, at: 0 }, sequence > 0 && sequence % GROUP === 0);
      await Promise.race([promise, run.ended, delay(PATIENCE_MS, null, { ref: false })]);
      if (encoded.length <= sequence) throw new Error(`Frame ${sequence} was not encoded`);
    }
  } finally {
    run.stop();
    await run.ended;
  }
  return encoded;
}

function annexB({ data, isKey, configuration }: EncodedFrame): Uint8Array<ArrayBuffer> {
  return encodeAnnexB(data, isKey ? parameterSetsOf(configuration.record) : null);
}
