import { MARKER } from "../../src/media/jpeg/marker.ts";
import { FrameSplitter } from "../../src/producers/ffmpeg/splitter.ts";
import { cached } from "./cache.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { sampleJpeg } from "./jpeg_samples.ts";
import { join, positionOf, withoutTables } from "./jpegs.ts";

const STREET = new URL("./street.mp4", import.meta.url).pathname;

/** Size of every clip. */
export const CLIP_WIDTH = 640;
export const CLIP_HEIGHT = 480;

/** A file of frames one after another, as a camera sends them. */
export interface Clip {
  readonly path: string;
  readonly format: "mjpeg" | "yuyv";
  /** A file with the length of each camera buffer, one a line; absent for one buffer a frame. */
  readonly lengths?: string;
}

/** A clip whose camera buffers may hold anything. */
export type BufferedClip = Clip & { readonly lengths: string };

const CROP = `scale=${CLIP_WIDTH}:${CLIP_HEIGHT}`;

/** People walking, 60 frames of MJPEG 4:2:2 with Huffman tables, as many webcams send. */
export async function movingClip(): Promise<Clip> {
  return await streetClip("moving", ["-vf", CROP, "-frames:v", "60"]);
}

/**
 * People walking, as MJPEG 4:2:2 with Huffman tables.
 *
 * @param args What ffmpeg does to the frames.
 * @param quantiser The encoder's quantizer; a lower one makes larger frames.
 */
export async function streetClip(
  name: string,
  args: readonly string[],
  quantiser = 4,
): Promise<Clip> {
  const path = await cached(`${name}.mjpeg`, async (path) => {
    const encoder = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p"];
    await ffmpeg("-i", STREET, ...args, ...encoder, "-q:v", `${quantiser}`, "-f", "mjpeg", path);
  });
  return { path, format: "mjpeg" };
}

/** One frame of the moving clip, repeated 30 times. */
export async function stillClip(): Promise<Clip> {
  const path = await cached("still.mjpeg", async (path) => {
    const [frame] = await framesOf(await movingClip());
    await Deno.writeFile(path, join(...Array<Uint8Array>(30).fill(frame)));
  });
  return { path, format: "mjpeg" };
}

/** The moving clip without Huffman tables, as many other webcams send it. */
export async function tablelessClip(): Promise<Clip> {
  const path = await cached("tableless.mjpeg", async (path) => {
    const frames = await framesOf(await movingClip());
    await Deno.writeFile(path, join(...frames.map(withoutTables)));
  });
  return { path, format: "mjpeg" };
}

/** The moving clip with every second frame damaged, in several ways. */
export async function damagedClip(): Promise<Clip> {
  const path = await cached("damaged.mjpeg", async (path) => {
    const frames = await framesOf(await movingClip());
    await Deno.writeFile(path, join(...frames.map((f, i) => i % 2 === 0 ? f : damage(f, i >> 1))));
  });
  return { path, format: "mjpeg" };
}

/** The moving clip with zero width and height in every frame, so that nothing can show it. */
export async function hopelessClip(): Promise<Clip> {
  const path = await cached("sizeless.mjpeg", async (path) => {
    const frames = await framesOf(await movingClip());
    for (const frame of frames) {
      const header = positionOf(frame, MARKER.SOF0);
      frame.fill(0, header + 5, header + 9);
    }
    await Deno.writeFile(path, join(...frames));
  });
  return { path, format: "mjpeg" };
}

/** People walking, 10 frames without EOI, each in its own buffer. */
export function unendedClip(): Promise<BufferedClip> {
  return bufferedClip("unended", [], (jpeg) => jpeg.subarray(0, -2));
}

/** People walking, 10 frames with a restart marker after each row and one row missing. */
export function lostRowClip(): Promise<BufferedClip> {
  return bufferedClip("lost_row", ["-restart", "1"], (jpeg) => {
    const [first, next] = [0xd2, 0xd3].map((marker) =>
      jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === marker)
    );
    return join(jpeg.subarray(0, first), jpeg.subarray(next));
  });
}

/** People walking, 10 frames with arithmetic coding. */
export function arithmeticClip(): Promise<BufferedClip> {
  return bufferedClip("arithmetic", ["-arithmetic"], (jpeg) => jpeg);
}

async function bufferedClip(
  name: string,
  cjpeg: readonly string[],
  change: (jpeg: Uint8Array) => Uint8Array,
): Promise<BufferedClip> {
  const size = { width: CLIP_WIDTH, height: CLIP_HEIGHT };
  const lengths = await cached(`${name}.lengths`, async (path) => {
    const buffers: Uint8Array[] = [];
    for (let frame = 0; frame < 10; frame++) {
      buffers.push(change(await sampleJpeg({ ...size, frame, cjpeg, sampling: "4:2:2" })));
    }
    await cached(`${name}.mjpeg`, (path) => Deno.writeFile(path, join(...buffers)));
    await Deno.writeTextFile(path, buffers.map(({ length }) => `${length}\n`).join(""));
  });
  const path = lengths.replace(/\.lengths$/, ".mjpeg");
  return { path, lengths, format: "mjpeg" };
}

/** Returns the content of each buffer of such a clip. */
export async function buffersOf({ path, lengths }: BufferedClip): Promise<Uint8Array[]> {
  const bytes = await Deno.readFile(path);
  let at = 0;
  return (await Deno.readTextFile(lengths)).trim().split("\n").map((length) =>
    bytes.subarray(at, at += Number(length))
  );
}

/** People walking, 30 uncompressed frames of YUYV. */
export async function rawClip(): Promise<Clip> {
  const path = await cached("moving.yuyv", async (path) => {
    const format = ["-pix_fmt", "yuyv422", "-f", "rawvideo"];
    await ffmpeg("-i", STREET, "-vf", CROP, "-frames:v", "30", ...format, path);
  });
  return { path, format: "yuyv" };
}

/** Returns the frames of an MJPEG clip. */
export async function framesOf(clip: Clip): Promise<Uint8Array<ArrayBuffer>[]> {
  return new FrameSplitter().push(await Deno.readFile(clip.path));
}

function damage(jpeg: Uint8Array, way: number): Uint8Array {
  const middle = jpeg.length >> 1;
  switch (way % 3) {
    case 0: // The frame header is missing.
      return join(jpeg.subarray(0, 2), jpeg.subarray(middle));
    case 1: // The end is missing; the next frame follows at once.
      return jpeg.subarray(0, middle);
    default: // Another frame starts in the middle.
      return join(jpeg.subarray(0, middle), jpeg.subarray(0, 2), jpeg.subarray(middle));
  }
}
