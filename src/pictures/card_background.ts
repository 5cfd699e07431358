import { encode } from "uqr";

/** What {@linkcode cardBackground} draws. */
export interface CardBackgroundOptions {
  /** The address in the QR code. */
  readonly url: string;
  /** Width of the whole card, in pixels. */
  readonly width: number;
  /** Height of the whole card, in pixels. */
  readonly height: number;
  /** Pixels of the card for one pixel of the design, 1200x630. */
  readonly scale: number;
  /** Left edge of the design on the card, in pixels. */
  readonly left: number;
  /** Top edge of the design on the card, in pixels. */
  readonly top: number;
}

/** The white tile with the QR code, in pixels of the card. */
export interface Tile {
  /** Its left edge. */
  readonly left: number;
  /** Its width. */
  readonly size: number;
  /** The vertical middle of the space for a line of text under the code. */
  readonly hint: number;
}

/** The tile's edges and size, and the code's largest side, in pixels of the design. */
const TILE = { left: 784, top: 115, width: 344, height: 400, code: 344 };

/** Light modules around the code that readers need (ISO 18004 section 5.3.8). */
const QUIET_ZONE = 4;

/** The colours are those of static/css/base.css (dark) and static/favicon.svg. */
const PAGE = "#0b0d13";
const INK = "#0b0d13";

/**
 * Draws everything on the card except text: colours, the logo, the QR code on its tile.
 *
 * @throws {RangeError} The address is too long for a QR code.
 */
export function cardBackground(options: CardBackgroundOptions): { svg: string; tile: Tile } {
  const { url, width, height, scale, left, top } = options;
  const code = qrCode(url, TILE.code * scale);
  // Modules take whole pixels, so that their edges are sharp; the code stays centred.
  const codeLeft = Math.round(left + (TILE.left + TILE.width / 2) * scale - code.side / 2);
  const codeTop = Math.round(top + (TILE.top + TILE.width / 2) * scale - code.side / 2);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs>
<radialGradient id="violet" cx="0" cy="0" r="0.9">
<stop stop-color="#6f5cf0" stop-opacity="0.6"/><stop offset="1" stop-color="#6f5cf0" stop-opacity="0"/>
</radialGradient>
<radialGradient id="rose" cx="1" cy="1" r="0.8">
<stop stop-color="#ff4d6d" stop-opacity="0.45"/><stop offset="1" stop-color="#ff4d6d" stop-opacity="0"/>
</radialGradient>
<linearGradient id="body" x1="0" y1="0" x2="1" y2="1">
<stop stop-color="#8b7bff"/><stop offset="1" stop-color="#ff4d6d"/>
</linearGradient>
</defs>
<rect width="100%" height="100%" fill="${PAGE}"/>
<rect width="100%" height="100%" fill="url(#violet)"/>
<rect width="100%" height="100%" fill="url(#rose)"/>
<g transform="translate(${left} ${top}) scale(${scale})">
<g transform="translate(72 66) scale(0.875)">
<rect width="64" height="64" rx="18" fill="url(#body)"/>
<circle cx="32" cy="32" r="18" fill="#fff"/><circle cx="32" cy="32" r="11" fill="#171a26"/>
<circle cx="37" cy="27" r="3.5" fill="#fff"/>
</g>
<rect x="${TILE.left}" y="${TILE.top}" width="${TILE.width}" height="${TILE.height}" rx="28" fill="#fff"/>
</g>
<path transform="translate(${codeLeft} ${codeTop}) scale(${code.module})" fill="${INK}" d="${code.path}"/>
</svg>`;
  const tile = {
    left: left + TILE.left * scale,
    size: TILE.width * scale,
    hint: top + (TILE.top + (TILE.width + TILE.height) / 2 - 8) * scale,
  };
  return { svg, tile };
}

/** Returns a QR code with its quiet zone, at most `maxSide` pixels wide. */
function qrCode(url: string, maxSide: number) {
  const { data, size } = encode(url, { ecc: "M", border: QUIET_ZONE });
  const module = Math.max(1, Math.floor(maxSide / size));
  const path = data.flatMap((row, y) =>
    row.flatMap((dark, x) => dark ? [`M${x} ${y}h1v1h-1z`] : [])
  ).join("");
  return { module, path, side: module * size };
}
