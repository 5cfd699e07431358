import type { LumaPlane } from "../media/luma_plane.ts";
import { type Rendition, type Scale, SOURCE } from "../media/rendition.ts";
import type { Codec, Transcoded } from "./codec.ts";
import {
  brightenBlocks,
  type Coefficients,
  halveCoefficients,
} from "../media/jpeg/coefficients.ts";
import { decodeCoefficients } from "../media/jpeg/decode.ts";
import { insertHuffmanTables } from "../media/jpeg/dht.ts";
import { encodeJpeg, planEncoding } from "../media/jpeg/encode.ts";
import { mirrorOrientation, type Orientation, orientationOf } from "../media/jpeg/exif.ts";
import { HIGHLIGHT, movingBlocks } from "../media/jpeg/filters.ts";
import { sameSteps } from "../media/jpeg/header.ts";
import { STANDARD_TABLES } from "../media/jpeg/huffman.ts";
import { release } from "../media/jpeg/kernel.ts";
import { lumaPlane } from "../media/jpeg/luma.ts";
import { composeOrientations } from "../media/jpeg/orientation.ts";
import { readSegments, type Segments } from "../media/jpeg/segments.ts";
import { turnMetadata, turnPlan } from "../media/jpeg/turn.ts";

/**
 * Makes renditions without decoding to pixels: it reads the frame's quantised coefficients once and
 * divides them by a coarser table for each rendition.
 *
 * It takes 8-bit baseline and extended sequential JPEG, grey or YCbCr, and shows what it can of a
 * damaged frame. An output that would show the same picture in more bytes than the source is a copy
 * of the source instead, with Huffman tables. `mirror` drops a last column of MCUs that the picture's
 * width does not fill.
 */
export class DctCodec implements Codec {
  /** Makes renditions, one after another; see {@linkcode Codec.transcode}. */
  transcode(
    jpeg: Uint8Array<ArrayBuffer>,
    renditions: readonly Rendition[],
    previous?: LumaPlane,
    onOutput: (output: Uint8Array<ArrayBuffer>, index: number) => boolean = () => true,
  ): Transcoded {
    try {
      const segments = readSegments(jpeg, STANDARD_TABLES);
      const picture = new Picture(jpeg, segments, previous);
      const outputs: Uint8Array<ArrayBuffer>[] = [];
      for (const rendition of renditions) {
        outputs.push(picture.render(rendition));
        if (!onOutput(outputs.at(-1)!, outputs.length - 1)) break;
      }
      return { luma: picture.luma, isDamaged: picture.isDamaged, outputs };
    } finally {
      release();
    }
  }

  /** Turns without loss, because coefficients only move. See `turnPlan` for the edges. */
  turn(jpeg: Uint8Array<ArrayBuffer>, orientation: Orientation): Uint8Array<ArrayBuffer> {
    try {
      const segments = readSegments(jpeg, STANDARD_TABLES);
      const both = composeOrientations(orientationOf(segments.app), orientation);
      const coefficients = decodeCoefficients(jpeg, segments);
      const tables = coefficients.components.map(({ quantization }) => quantization);
      const plan = turnPlan(planEncoding(coefficients, tables, "source", "none"), both);
      return encodeJpeg(plan, coefficients, 1, turnMetadata(segments.app, both));
    } finally {
      release();
    }
  }
}

/** One decoded frame, and what several of its renditions share. */
class Picture {
  readonly luma: LumaPlane;
  readonly isDamaged: boolean;
  readonly #jpeg: Uint8Array<ArrayBuffer>;
  readonly #app: Segments["app"];
  readonly #full: Coefficients;
  readonly #tables: Uint16Array[];
  readonly #previous: LumaPlane | undefined;
  readonly #variants = new Map<string, Coefficients>();

  constructor(jpeg: Uint8Array<ArrayBuffer>, segments: Segments, previous?: LumaPlane) {
    this.#jpeg = jpeg;
    this.#app = segments.app;
    const { damage, ...coefficients } = decodeCoefficients(jpeg, segments);
    this.#full = coefficients;
    this.isDamaged = damage.faults > 0 || damage.missing > 0;
    this.#tables = this.#full.components.map(({ quantization }) => quantization);
    this.#previous = previous;
    this.luma = lumaPlane(this.#full);
  }

  render(rendition: Rendition): Uint8Array<ArrayBuffer> {
    if (rendition === SOURCE) return this.#jpeg.slice();
    const { quality, scale, filter } = rendition;
    const coefficients = this.#variant(scale, filter === "highlight");
    const plan = planEncoding(coefficients, this.#tables, quality, filter);
    const samePicture = scale === 1 && filter === "none";
    if (
      samePicture &&
      plan.components.every(({ quantization }, i) => sameSteps(quantization, this.#tables[i]))
    ) return this.#copy();
    const orientation = orientationOf(this.#app);
    const output = encodeJpeg(
      plan,
      coefficients,
      filter === "mirror" ? mirrorOrientation(orientation) : orientation,
      this.#app,
    );
    return samePicture && output.length > this.#jpeg.length ? this.#copy() : output;
  }

  /** Returns a copy of the source, with the Huffman tables that browsers need. */
  #copy(): Uint8Array<ArrayBuffer> {
    const whole = insertHuffmanTables(this.#jpeg);
    return whole === this.#jpeg ? whole.slice() : whole;
  }

  /** Returns the frame at a size; a quarter is half of the half, and so on. */
  #variant(scale: Scale, highlighted: boolean): Coefficients {
    if (scale === 1 && !highlighted) return this.#full;
    const key = `${scale} ${highlighted}`;
    let variant = this.#variants.get(key);
    if (!variant) {
      variant = scale < 1
        ? halveCoefficients(this.#variant(2 * scale as Scale, highlighted))
        : brightenBlocks(this.#full, movingBlocks(this.luma, this.#previous), HIGHLIGHT);
      this.#variants.set(key, variant);
    }
    return variant;
  }
}
