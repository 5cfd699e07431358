import { cached } from "./cache.ts";
import { ffmpeg } from "./ffmpeg.ts";

const STREET = new URL("./street.mp4", import.meta.url).pathname;

/** cjpeg's sampling factors of the luma component; chroma has 1x1. */
export const SAMPLINGS = {
  "4:4:4": "1x1",
  "4:2:2": "2x1",
  "4:4:0": "1x2",
  "4:2:0": "2x2",
  "4:1:1": "4x1",
} as const;

export type Sampling = keyof typeof SAMPLINGS | "grayscale";

export const ALL_SAMPLINGS: readonly Sampling[] = [
  ...Object.keys(SAMPLINGS) as (keyof typeof SAMPLINGS)[],
  "grayscale",
];

export interface SampleOptions {
  /** Default: 320x240. */
  readonly width?: number;
  readonly height?: number;
  /** Default: 4:2:0. */
  readonly sampling?: Sampling;
  /** Default: 90. */
  readonly quality?: number;
  /** Which frame of the street. Default: 0. */
  readonly frame?: number;
  /** Further arguments of cjpeg, such as `-progressive`. */
  readonly cjpeg?: readonly string[];
}

/** Returns a real picture of people on a street, encoded by libjpeg-turbo. */
export async function sampleJpeg(options: SampleOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { width = 320, height = 240, sampling = "4:2:0", quality = 90, frame = 0 } = options;
  const pixels = await streetPixels(width, height, frame);
  const colour = sampling === "grayscale" ? ["-grayscale"] : ["-sample", SAMPLINGS[sampling]];
  return await cjpeg(pixels, ["-quality", String(quality), ...colour, ...options.cjpeg ?? []]);
}

/** Encodes a PPM with libjpeg-turbo. */
export function cjpeg(ppm: Uint8Array, args: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  return pipe("cjpeg", args, ppm);
}

async function streetPixels(width: number, height: number, frame: number): Promise<Uint8Array> {
  const path = await cached(`street_${width}x${height}_${frame}.ppm`, async (path) => {
    const crop = `select=eq(n\\,${frame}),format=rgb24,crop=${width}:${height}`;
    await ffmpeg("-i", STREET, "-vf", crop, "-frames:v", "1", "-update", "1", path);
  });
  return await Deno.readFile(path);
}

/** Decoded pixels: three bytes each, row by row. */
export interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Decodes with libjpeg-turbo. Fails on any warning. */
export async function decodeRgb(jpeg: Uint8Array): Promise<Rgb> {
  return parsePpm(await djpeg(jpeg));
}

/** Returns libjpeg-turbo's PPM of a JPEG. Fails on any warning. */
export function djpeg(jpeg: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return pipe("djpeg", ["-rgb"], jpeg);
}

function parsePpm(ppm: Uint8Array): Rgb {
  const header = /^P6\n(\d+) (\d+)\n255\n/.exec(new TextDecoder().decode(ppm.subarray(0, 40)))!;
  const [text, width, height] = header;
  return { width: Number(width), height: Number(height), data: ppm.subarray(text.length) };
}

/** Returns the samples of all planes before colour conversion. Fails on any FFmpeg warning. */
export function decodePlanes(jpeg: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const strict = ["-hide_banner", "-v", "warning", "-xerror"];
  return pipe("ffmpeg", [...strict, "-f", "mjpeg", "-i", "-", "-f", "rawvideo", "-"], jpeg);
}

/** Returns a program's output for `input`. Fails if it fails or prints an error. */
export async function pipe(
  program: string,
  args: readonly string[],
  input: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { code, stdout, words } = await run(program, args, input);
  if (code !== 0 || words !== "") throw new Error(`${program} complains: ${words}`);
  return stdout;
}

/** libjpeg's exit code for a picture with warnings. */
const WARNED = 2;

/** Returns libjpeg-turbo's PPM of a possibly damaged JPEG, or `null` if it makes none. */
export async function decodeDamaged(jpeg: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  const { code, stdout } = await run("djpeg", ["-rgb"], jpeg);
  return code === 0 || code === WARNED ? stdout : null;
}

async function run(program: string, args: readonly string[], input: Uint8Array) {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const written = ReadableStream.from([input]).pipeTo(child.stdin).catch(() => {
    // It exited before reading everything; its status and output say why.
  });
  const { code, stdout, stderr } = await child.output();
  await written;
  return { code, stdout, words: new TextDecoder().decode(stderr) };
}

/** Returns the peak signal-to-noise ratio of 8-bit samples. dB. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`Cannot compare ${a.length} with ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10(255 ** 2 * a.length / sum);
}

/** Returns the mean of each channel. */
export function meanColour({ data }: Rgb): { r: number; g: number; b: number } {
  const sums = [0, 0, 0];
  data.forEach((sample, i) => sums[i % 3] += sample);
  const [r, g, b] = sums.map((sum) => sum * 3 / data.length);
  return { r, g, b };
}
