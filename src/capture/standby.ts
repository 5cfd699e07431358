import { drawText } from "../pictures/text.ts";

export interface StandbyOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The stream's title. */
  readonly title: string;
  /** Why there is no picture, and what to do. */
  readonly reason: string;
}

type ImageScript = typeof import("imagescript");

const JPEG_QUALITY = 85;

/** RGBA. */
const TOP = 0x1b2733ff;
const BOTTOM = 0x0c1117ff;
const ACCENT = 0xf2a33aff;
const BRIGHT = 0xf4f7faff;
const MUTED = 0x93a4b5ff;

/**
 * Draws the picture that is shown while there is none from the camera.
 *
 * @returns A baseline JPEG of the given size, made in some 100 ms.
 * @throws ImageScript does not run on this machine.
 */
export async function standbyPicture(options: StandbyOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, title, reason } = options;
  // Loaded when it is needed, so that a platform it does not run on has all the rest.
  const imagescript = await import("imagescript");
  const margin = Math.round(width * 0.09);
  const unit = Math.min(width / 16, height / 9) / 10;
  const maxWidth = width - 2 * margin;
  const write = (text: string, size: number, color: number, maxHeight: number) =>
    drawText({ text, size, color, maxWidth, maxHeight });
  const picture = await background(imagescript, width, height);
  const heading = await write("No picture right now", 9 * unit, BRIGHT, height / 4);
  const explanation = await write(reason, 4.2 * unit, BRIGHT, height * 0.4);
  const footing = await write(`${title}  ·  comes back by itself`, 3.2 * unit, MUTED, height / 8);
  const gap = Math.round(4 * unit);
  const top = Math.round((height - heading.height - gap - explanation.height) / 2 - gap);
  picture.drawBox(margin, top - gap, Math.round(14 * unit), Math.max(2, Math.round(unit)), ACCENT);
  picture.composite(heading, margin, top);
  picture.composite(explanation, margin, top + heading.height + gap);
  picture.composite(footing, margin, height - footing.height - 2 * gap);
  return new Uint8Array(await picture.encodeJPEG(JPEG_QUALITY));
}

async function background({ Image }: ImageScript, width: number, height: number) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<linearGradient id="g" x2="0" y2="1"><stop stop-color="${css(TOP)}"/>` +
    `<stop offset="1" stop-color="${css(BOTTOM)}"/></linearGradient>` +
    `<rect width="100%" height="100%" fill="url(#g)"/></svg>`;
  return await Image.renderSVG(svg);
}

function css(color: number): string {
  return `#${color.toString(16).padStart(8, "0").slice(0, 6)}`;
}
