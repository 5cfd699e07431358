import { type Image, loadImageScript } from "./imagescript.ts";
import { drawable, drawText } from "./text.ts";
import { cardBackground } from "./card_background.ts";

/** What {@linkcode drawShareCard} draws. */
export interface ShareCardOptions {
  /** The stream's title. */
  readonly title: string;
  /** The address of the watch page, shown as text and as a QR code. */
  readonly url: string;
  /** Pixels, at least 320. Default: 1200. */
  readonly width?: number;
  /** Pixels, at least 168. Default: 630. */
  readonly height?: number;
}

/** The design, from which all sizes are scaled, has the size that link previews show in full. */
const DESIGN_WIDTH = 1200;
const DESIGN_HEIGHT = 630;

/** RGBA: --text and --muted of the dark theme in static/css/base.css. */
const TEXT = 0xeef0f8ff;
const MUTED = 0xa0a8bfff;
const DARK = 0x161a28ff;

/** The place of the text and the sizes of the title, in pixels of the design. */
const LEFT = 72;
const TEXT_WIDTH = 640;
const TITLE_TOP = 186;
const TITLE_HEIGHT = 220;
const TITLE_SIZES = [76, 64, 54, 46, 40];
const ADDRESS_SIZES = [44, 20] as const;

/** PNG compression level: takes half the time of the default. */
const FAST = 1;

/** Replaces a title of which the font has no letter. */
const TITLE = "Livestream";

/**
 * Draws a picture to share: the title, the address as text and as a QR code.
 *
 * @returns A PNG of the given size. Drawing takes about 300 ms.
 * @throws {RangeError} The address is too long for a QR code.
 */
export async function drawShareCard(options: ShareCardOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { title, url, width = DESIGN_WIDTH, height = DESIGN_HEIGHT } = options;
  const { Image } = await loadImageScript();
  // The design is scaled to fit any shape and centred in it.
  const scale = Math.min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT);
  const x = (value: number) => Math.round((width - DESIGN_WIDTH * scale) / 2 + value * scale);
  const y = (value: number) => Math.round((height - DESIGN_HEIGHT * scale) / 2 + value * scale);
  const write: Write = async (text, size, color, maxWidth, maxHeight = 200) => {
    await letOthersRun();
    return drawText({
      text,
      size: Math.max(1, size * scale),
      color,
      maxWidth: maxWidth * scale,
      maxHeight: maxHeight * scale,
    });
  };

  const { svg, tile } = cardBackground({ url, width, height, scale, left: x(0), top: y(0) });
  const weight = Math.max(1, Math.round(1.5 * scale));
  const card = await Image.renderSVG(svg);
  const name = await write("Livestream", 30, TEXT, 400);
  compositeBold(card, name, x(LEFT + 72), y(94) - (name.height >> 1), weight);

  const heading = await fitTitle(drawable(title) || TITLE, write, TITLE_HEIGHT * scale);
  compositeBold(card, heading, x(LEFT), y(TITLE_TOP), weight);

  card.composite(await write("Watch now, in any browser:", 26, MUTED, TEXT_WIDTH), x(LEFT), y(452));
  const address = await fitAddress(addressInWords(url), write, TEXT_WIDTH * scale);
  card.composite(address, x(LEFT), y(496));

  const hint = await write("Point a camera here", 22, DARK, 340);
  const hintLeft = tile.left + (tile.size - hint.width) / 2;
  card.composite(hint, Math.round(hintLeft), Math.round(tile.hint - hint.height / 2));
  await letOthersRun();
  return new Uint8Array(await card.encode(FAST));
}

/** Lets frames be sent between two steps of drawing, which blocks their thread. */
function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

type Write = (
  text: string,
  size: number,
  color: number,
  maxWidth: number,
  maxHeight?: number,
) => Promise<Image>;

/** Draws the title as large as fits; one that is too long ends in an ellipsis. */
async function fitTitle(title: string, write: Write, maxHeight: number): Promise<Image> {
  // More letters never fit, and take long to draw.
  const letters = [...title].slice(0, 240);
  const set = (text: string, size: number) => write(text, size, TEXT, TEXT_WIDTH, 10_000);
  for (const size of TITLE_SIZES) {
    const drawn = await set(letters.join(""), size);
    if (drawn.height <= maxHeight) return drawn;
  }
  const smallest = TITLE_SIZES.at(-1) ?? 0;
  let fits = 0, tooMany = letters.length;
  let best = await set("…", smallest);
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    const drawn = await set(`${letters.slice(0, count).join("").trimEnd()}…`, smallest);
    if (drawn.height <= maxHeight) [fits, best] = [count, drawn];
    else tooMany = count;
  }
  return best;
}

/** Draws the address as large as fits on one line; a very long one is small and wrapped. */
async function fitAddress(text: string, write: Write, maxWidth: number): Promise<Image> {
  const [largest, smallest] = ADDRESS_SIZES;
  const { width } = await write(text, largest, TEXT, 100_000);
  const size = Math.min(largest, Math.floor(largest * maxWidth / width));
  return write(text, Math.max(smallest, size), TEXT, TEXT_WIDTH);
}

/** Returns an address as people type it: browsers add `http://`. */
function addressInWords(url: string): string {
  return url.replace(/^http:\/\//, "").replace(/\/$/, "");
}

/** Draws text in bold: the font has one weight, so it is drawn several times, side by side. */
function compositeBold(card: Image, text: Image, left: number, top: number, weight: number): void {
  for (let offset = 0; offset <= weight; offset++) card.composite(text, left + offset, top);
}
