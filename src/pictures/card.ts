import { encodePixels } from "../media/jpeg/pixels.ts";
import { loadImageScript } from "./imagescript.ts";
import { drawable, drawText } from "./text.ts";

export interface CardOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly heading: string;
  readonly text: string;
  readonly footing: string;
  readonly look: Look;
}

/** Colours as SVG has them: `#1b2733`. */
export interface Look {
  readonly top: string;
  readonly bottom: string;
  /** The line above the heading. */
  readonly accent: string;
  /** A light that comes from the upper right, if there is one. */
  readonly glow?: string;
}

const JPEG_QUALITY = 85;

/** RGBA. */
const BRIGHT = 0xf4f7faff;
const MUTED = 0x9fafc0ff;

/**
 * Draws a picture of words, to be shown in place of the camera's.
 *
 * @returns A baseline JPEG of the given size, made in some 100 ms.
 */
export async function drawCard(options: CardOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = options;
  const { Image } = await loadImageScript();
  const margin = Math.round(width * 0.09);
  const unit = Math.min(width / 13, height / 9) / 10;
  const gap = Math.round(4 * unit);
  const maxWidth = width - 2 * margin;
  const write = (text: string, size: number, color: number, maxHeight: number) =>
    drawText({ text, size, color, maxWidth, maxHeight });
  const heading = await write(options.heading, 9 * unit, BRIGHT, height / 4);
  const text = await write(options.text, 4.2 * unit, BRIGHT, height * 0.4);
  const footing = await write(options.footing, 3.2 * unit, MUTED, height / 8);
  const top = Math.round((height - heading.height - gap - text.height) / 2 - gap);
  const line = { x: margin, y: top - gap, width: 14 * unit, height: Math.max(2, unit) };
  const picture = await Image.renderSVG(backgroundOf(options, line));
  picture.composite(heading, margin, top);
  picture.composite(text, margin, top + heading.height + gap);
  picture.composite(footing, margin, height - footing.height - 2 * gap);
  return encodePixels({ width, height, data: picture.bitmap }, JPEG_QUALITY);
}

/** The stream's name in a sentence, in letters that can be drawn. */
export function nameOf(title: string): string {
  return drawable(title) || "The stream";
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function backgroundOf({ width, height, look }: CardOptions, line: Box): string {
  const { top, bottom, accent, glow } = look;
  const light = glow === undefined
    ? ""
    : `<radialGradient id="light" cx="0.9" cy="0.05" r="0.75"><stop stop-color="${glow}" ` +
      `stop-opacity="0.45"/><stop offset="1" stop-color="${glow}" stop-opacity="0"/>` +
      `</radialGradient><rect width="100%" height="100%" fill="url(#light)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<linearGradient id="ground" x2="0" y2="1"><stop stop-color="${top}"/>` +
    `<stop offset="1" stop-color="${bottom}"/></linearGradient>` +
    `<rect width="100%" height="100%" fill="url(#ground)"/>${light}` +
    `<rect x="${line.x}" y="${line.y}" width="${line.width}" height="${line.height}" ` +
    `rx="${line.height / 2}" fill="${accent}"/></svg>`;
}
