import { encodePixels } from "../media/jpeg/pixels.ts";
import { loadImageScript } from "./imagescript.ts";
import { drawable, drawText } from "./text.ts";

/** What {@linkcode drawCard} draws. */
export interface CardOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** One or two lines in large letters. */
  readonly heading: string;
  /** What follows the heading. */
  readonly text: string;
  /** A line at the bottom, in small letters. */
  readonly footing: string;
  /** The colours. */
  readonly look: Look;
}

/** The colours of a card, as SVG writes them: `#1b2733`. */
export interface Look {
  /** The background at the top, which fades to `bottom`. */
  readonly top: string;
  /** The background at the bottom. */
  readonly bottom: string;
  /** The line above the heading. */
  readonly accent: string;
  /** A glow from the upper right; none by default. */
  readonly glow?: string;
}

const JPEG_QUALITY = 85;

/** RGBA. */
const BRIGHT = 0xf4f7faff;
const MUTED = 0x9fafc0ff;

/**
 * Draws a card: text on a coloured background, shown in place of the camera.
 *
 * @returns A baseline JPEG of the given size. Drawing takes about 100 ms.
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

/** Returns what a sentence calls the stream, in letters that the font has. */
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
