import { ffmpeg } from "./ffmpeg.ts";

/** A box in a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the picture's size and the smallest box around its bright pixels. */
export async function brightBox(jpeg: Uint8Array): Promise<{ picture: Box; box: Box }> {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  try {
    await Deno.writeFile(path, jpeg);
    // Ignores the file's rotation and pixel shape, as programs do when they show a JPEG.
    const pgm = await ffmpeg(
      "-i",
      path,
      "-pix_fmt",
      "gray",
      "-f",
      "image2pipe",
      "-c:v",
      "pgm",
      "-",
    );
    const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(
      new TextDecoder("latin1").decode(pgm.subarray(0, 32)),
    )!;
    const size = { width: Number(width), height: Number(height) };
    return { picture: { left: 0, top: 0, ...size }, box: boxOf(pgm.subarray(head.length), size) };
  } finally {
    await Deno.remove(path);
  }
}

function boxOf(gray: Uint8Array, { width, height }: { width: number; height: number }): Box {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (gray[y * width + x] < 128) continue;
      columns.push(x);
      rows.push(y);
    }
  }
  const [left, right] = [columns.reduce(least, width), columns.reduce(most, -1)];
  const [top, bottom] = [rows.reduce(least, height), rows.reduce(most, -1)];
  return { left, top, width: right + 1 - left, height: bottom + 1 - top };
}

function least(a: number, b: number): number {
  return Math.min(a, b);
}

function most(a: number, b: number): number {
  return Math.max(a, b);
}

/** A clockwise quarter turn as a track header's matrix (ISO/IEC 14496-12 section 8.3.2). */
const QUARTER_TURN = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];

/** Rotates the video of a QuickTime or MP4 file through its track header, as phones do. */
export function turn(file: Uint8Array): void {
  const at = new TextDecoder("latin1").decode(file).indexOf("tkhd");
  const view = new DataView(file.buffer, file.byteOffset + at + 44);
  QUARTER_TURN.forEach((number, i) => view.setInt32(4 * i, number));
}
