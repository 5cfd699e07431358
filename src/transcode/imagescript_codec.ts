import type { LumaPlane } from "../media/luma_plane.ts";
import { type Filter, type Rendition, SOURCE } from "../media/rendition.ts";
import { CorruptJpegError, messageOf, UnsupportedJpegError } from "../errors.ts";
import { loadImageScript } from "../pictures/imagescript.ts";
import type { Codec, Transcoded } from "./codec.ts";
import { STANDARD_TABLES } from "../media/jpeg/huffman.ts";
import { MARKER } from "../media/jpeg/marker.ts";
import { readSegments, type Segments } from "../media/jpeg/segments.ts";
import { insertHuffmanTables } from "../media/jpeg/dht.ts";
import { mirrorOrientation, type Orientation, orientationOf } from "../media/jpeg/exif.ts";
import { composeOrientations } from "../media/jpeg/orientation.ts";
import { encodePixels, type Pixels } from "../media/jpeg/pixels.ts";
import { estimateQuality } from "../media/jpeg/quality.ts";
import { turnPixels } from "../media/jpeg/turn_pixels.ts";
import {
  BRIGHTEN,
  CONTRAST,
  HIGHLIGHT,
  movingBlocks,
  PIXELATE_CELL,
  SEPIA,
  SOFT_PASSES,
} from "../media/jpeg/filters.ts";

/** SOF markers that ImageScript decodes: baseline, extended sequential, progressive. */
const DECODABLE: readonly number[] = [MARKER.SOF0, MARKER.SOF1, MARKER.SOF2];

/**
 * Decodes to pixels with ImageScript and encodes them again. It is slow, but it also takes progressive
 * JPEG and four components, and tests compare the `dct` codec with it.
 *
 * The library is loaded with the first frame, because most sources never need it.
 */
export class ImageScriptCodec implements Codec {
  /** Makes renditions, one after another; see {@linkcode Codec.transcode}. */
  async transcode(
    jpeg: Uint8Array<ArrayBuffer>,
    renditions: readonly Rendition[],
    previous?: LumaPlane,
    onOutput: (output: Uint8Array<ArrayBuffer>, index: number) => boolean = () => true,
  ): Promise<Transcoded> {
    const segments = readSegments(jpeg, STANDARD_TABLES);
    const pixels = await decode(jpeg, segments);
    const luma = lumaPlane(pixels);
    const outputs: Uint8Array<ArrayBuffer>[] = [];
    for (const rendition of renditions) {
      if (rendition === SOURCE) {
        outputs.push(jpeg.slice());
      } else {
        const shown = render(pixels, rendition, movingBlocks(luma, previous));
        const output = encode(shown, rendition, segments);
        const isCopy = shown === pixels && output.length > jpeg.length;
        outputs.push(isCopy ? jpeg.slice() : output);
      }
      if (!onOutput(outputs.at(-1)!, outputs.length - 1)) break;
    }
    return { luma, isDamaged: false, outputs };
  }

  /** Turns the decoded pixels and encodes them again. */
  async turn(
    jpeg: Uint8Array<ArrayBuffer>,
    orientation: Orientation,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const segments = readSegments(jpeg, STANDARD_TABLES);
    const both = composeOrientations(orientationOf(segments.app), orientation);
    return encodePixels(turnPixels(await decode(jpeg, segments), both), sourceQuality(segments));
  }
}

async function decode(jpeg: Uint8Array<ArrayBuffer>, { frame }: Segments): Promise<Pixels> {
  if (!DECODABLE.includes(frame.process) || frame.precision !== 8) {
    const process = frame.process.toString(16).toUpperCase();
    throw new UnsupportedJpegError(
      `Cannot decode JPEG: process SOF 0x${process} with ${frame.precision} bits a sample`,
    );
  }
  const { Image } = await loadImageScript();
  try {
    const image = await Image.decode(insertHuffmanTables(jpeg));
    return { width: image.width, height: image.height, data: image.bitmap };
  } catch (cause) {
    throw new CorruptJpegError(`Cannot decode JPEG: ImageScript says ${messageOf(cause)}`, {
      cause,
    });
  }
}

function encode(
  pixels: Pixels,
  { quality, filter }: Rendition,
  segments: Segments,
): Uint8Array<ArrayBuffer> {
  const finest = sourceQuality(segments);
  // A quality above the source's would add bytes but no detail.
  const level = quality === "source" ? finest : Math.min(quality, finest);
  const orientation = orientationOf(segments.app);
  return encodePixels(
    pixels,
    level,
    filter === "mirror" ? mirrorOrientation(orientation) : orientation,
  );
}

/** Returns the IJG quality, 1..100, nearest to the source's own. */
function sourceQuality({ scans }: Segments): number {
  const table = scans[0].components[0].quantization;
  return table ? estimateQuality(table) : 90;
}

/** Returns the mean brightness of each 8x8 block; those at the edges have fewer pixels. */
function lumaPlane({ width, height, data }: Pixels): LumaPlane {
  const across = Math.ceil(width / 8);
  const down = Math.ceil(height / 8);
  const sums = new Float64Array(across * down);
  const counts = new Uint16Array(across * down);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const block = (y >> 3) * across + (x >> 3);
      sums[block] += lumaAt(data, at);
      counts[block]++;
    }
  }
  const plane = Uint8Array.from(sums, (sum, block) => Math.round(sum / counts[block]));
  return { width: across, height: down, data: plane };
}

function lumaAt(data: Uint8ClampedArray, at: number): number {
  return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
}

function render(source: Pixels, { scale, filter }: Rendition, moving: Uint8Array): Pixels {
  const lit = filter === "highlight" ? highlight(source, moving) : source;
  let sized = lit;
  for (let shown = 1; shown > scale; shown /= 2) sized = halve(sized);
  return PIXEL_FILTERS[filter]?.(sized) ?? sized;
}

/** What each filter does after scaling; `none` and `highlight` do nothing at that point. */
const PIXEL_FILTERS: { readonly [F in Filter]?: (pixels: Pixels) => Pixels } = {
  grayscale: (pixels) => mapLuma(pixels, (y) => [y, y, y]),
  sepia: (pixels) => mapLuma(pixels, tint),
  invert: (pixels) => mapSamples(pixels, (sample) => 255 - sample),
  brighten: (pixels) => mapSamples(pixels, (sample) => sample + BRIGHTEN),
  contrast: (pixels) => mapSamples(pixels, (sample) => 128 + (sample - 128) * CONTRAST),
  mirror,
  pixelate,
  soft,
};

/** Converts a brightness with the tint of `sepia` from YCbCr, as JFIF defines it. */
function tint(y: number): [number, number, number] {
  const { cb, cr } = SEPIA;
  return [y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb];
}

function mapLuma(
  { width, height, data }: Pixels,
  colour: (y: number) => [number, number, number],
): Pixels {
  const mapped = new Uint8ClampedArray(data);
  for (let at = 0; at < data.length; at += 4) mapped.set(colour(lumaAt(data, at)), at);
  return { width, height, data: mapped };
}

function mapSamples({ width, height, data }: Pixels, change: (sample: number) => number): Pixels {
  const mapped = new Uint8ClampedArray(data);
  for (let at = 0; at < data.length; at++) if (at % 4 < 3) mapped[at] = change(data[at]);
  return { width, height, data: mapped };
}

function highlight({ width, height, data }: Pixels, moving: Uint8Array): Pixels {
  const across = Math.ceil(width / 8);
  const lit = new Uint8ClampedArray(data);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      if (!moving[(y >> 3) * across + (x >> 3)]) continue;
      for (let i = at; i < at + 3; i++) lit[i] += HIGHLIGHT;
    }
  }
  return { width, height, data: lit };
}

/** Each pixel the mean of four, the last row and column repeated where their number is odd. */
function halve({ width, height, data }: Pixels): Pixels {
  const across = Math.ceil(width / 2);
  const down = Math.ceil(height / 2);
  const half = new Uint8ClampedArray(across * down * 4).fill(255);
  for (let y = 0, at = 0; y < down; y++) {
    const top = 2 * y * width;
    const bottom = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < across; x++, at += 4) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      for (let i = 0; i < 3; i++) {
        const sum = data[(top + left) * 4 + i] + data[(top + right) * 4 + i] +
          data[(bottom + left) * 4 + i] + data[(bottom + right) * 4 + i];
        half[at + i] = sum / 4;
      }
    }
  }
  return { width: across, height: down, data: half };
}

function mirror({ width, height, data }: Pixels): Pixels {
  const mirrored = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      mirrored.set(data.subarray(from, from + 4), (y * width + width - 1 - x) * 4);
    }
  }
  return { width, height, data: mirrored };
}

function pixelate({ width, height, data }: Pixels): Pixels {
  const cells = new Uint8ClampedArray(data);
  for (let top = 0; top < height; top += PIXELATE_CELL) {
    const bottom = Math.min(top + PIXELATE_CELL, height);
    for (let left = 0; left < width; left += PIXELATE_CELL) {
      const right = Math.min(left + PIXELATE_CELL, width);
      for (let i = 0; i < 3; i++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += data[(y * width + x) * 4 + i];
        }
        const mean = sum / ((bottom - top) * (right - left));
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) cells[(y * width + x) * 4 + i] = mean;
        }
      }
    }
  }
  return { width, height, data: cells };
}

function soft({ width, height, data }: Pixels): Pixels {
  const from = Float32Array.from(data);
  for (let pass = 0; pass < SOFT_PASSES; pass++) {
    blurLines(from, width, height, 4, width * 4);
    blurLines(from, height, width, width * 4, 4);
  }
  return { width, height, data: Uint8ClampedArray.from(from) };
}

/** Blurs `lines` lines of `length` pixels by (1 2 1)/4, in place; steps are in array elements. */
function blurLines(
  data: Float32Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
): void {
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < 3; i++) {
      let at = line * lineStep + i;
      let before = data[at];
      for (let x = 0; x < length; x++, at += step) {
        const here = data[at];
        const after = x + 1 < length ? data[at + step] : here;
        data[at] = (before + 2 * here + after) / 4;
        before = here;
      }
    }
  }
}
