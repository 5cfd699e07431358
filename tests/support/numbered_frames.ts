import assert from "node:assert/strict";
import { FrameSplitter } from "../../src/producers/ffmpeg/splitter.ts";

/** Bits of a number, each of which is a bar. */
const BITS = 10;

/** A size in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

async function ffmpeg(args: readonly string[], input: Uint8Array<ArrayBuffer>) {
  const child = new Deno.Command("ffmpeg", {
    args: ["-hide_banner", "-loglevel", "error", ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  writer.write(input).then(() => writer.close()).catch(() => {});
  const { success, stdout, stderr } = await child.output();
  assert(success, new TextDecoder().decode(stderr));
  return stdout;
}

/** Returns JPEGs with a number drawn into each, as bars for its bits, the lowest at the left: 0, 1, 2… */
export async function numberedFrames(
  count: number,
  { width, height }: Size,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const pixels = new Uint8Array(count * width * height);
  for (let number = 0; number < count; number++) {
    const row = Uint8Array.from(
      { length: width },
      (_, x) => number >> Math.floor(x * BITS / width) & 1 ? 235 : 16,
    );
    for (let y = 0; y < height; y++) pixels.set(row, (number * height + y) * width);
  }
  const raw = ["-f", "rawvideo", "-pixel_format", "gray", "-video_size", `${width}x${height}`];
  const mjpeg = await ffmpeg(
    [...raw, "-i", "pipe:0", "-pix_fmt", "yuvj420p", "-q:v", "3", "-f", "mjpeg", "pipe:1"],
    pixels,
  );
  const frames = new FrameSplitter().push(mjpeg);
  assert.equal(frames.length, count);
  return frames;
}

/** Reads the numbers of the frames of a file. */
export async function numbersIn(path: string): Promise<number[]> {
  const [width, height] = [BITS * 8, 16];
  const pixels = await ffmpeg([
    ...["-i", path, "-fps_mode", "passthrough", "-vf", `scale=${width}:${height}:flags=area`],
    ...["-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"],
  ], new Uint8Array(0));
  const bytes = width * height;
  return Array.from({ length: pixels.length / bytes }, (_, frame) => {
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const middle = pixels[frame * bytes + width * height / 2 + bit * 8 + 4];
      if (middle > 128) number += 1 << bit;
    }
    return number;
  });
}
