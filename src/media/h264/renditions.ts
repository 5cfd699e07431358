import type { Size } from "../jpeg/size.ts";
import { Rendition, type RenditionFields } from "../rendition.ts";

/**
 * The renditions of H.264, the best one first. Full size is there twice, so that a link of 2 Mbit/s has it.
 * Their qualities are those of JPEGs that look about the same on a webcam's view of a street.
 */
const BIT_RATES: readonly (readonly [Pick<RenditionFields, "quality" | "scale">, number])[] = [
  [{ quality: 45, scale: 1 }, 2_500_000],
  [{ quality: 32, scale: 1 }, 1_500_000],
  [{ quality: 25, scale: 0.5 }, 700_000],
];

/** The renditions of H.264, the best one first. A page filters them itself. */
export const H264_RENDITIONS: readonly Rendition[] = BIT_RATES
  .map(([fields]) => Rendition.of({ codec: "h264", filter: "none", ...fields }));

/** The frame size for which the bit rates are meant; smaller frames get as much. Pixels. */
const PIXELS = 1280 * 720;

/**
 * Returns the bits a second with which a rendition is encoded. Twice the pixels need less than twice the
 * bits, as they show much the same.
 *
 * @param size The size of the source's frames.
 * @throws {RangeError} The rendition is none of H.264.
 */
export function bitRateOf(rendition: Rendition, { width, height }: Size): number {
  const { codec, quality, scale } = rendition;
  const entry = BIT_RATES.find(([fields]) => fields.quality === quality && fields.scale === scale);
  if (codec !== "h264" || !entry) throw new RangeError(`No bit rate: ${codec}, quality ${quality}`);
  return Math.round(entry[1] * Math.max(1, width * height / PIXELS) ** 0.75);
}
