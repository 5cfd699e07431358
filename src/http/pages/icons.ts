import { type StaticFiles, textOf } from "../static_files.ts";

const SPRITE = "/img/icons.svg";

const SYMBOL = /<symbol id="([\w-]+)".*?<\/symbol>/gs;

/** `xlink:href`, because Safari before 12.1 does not know `href` here. */
const USE = /<use xlink:href="#([\w-]+)"/g;

/**
 * Returns the symbols that a page's `<use>` elements name, as an element that shows nothing. Inside
 * the page, icons need no request and appear with the text beside them.
 *
 * @throws {Error} The page uses an icon that the sprite does not have.
 */
export function spriteOf(html: string, files: StaticFiles): string {
  const used = new Set(Array.from(html.matchAll(USE), ([, id]) => id));
  if (used.size === 0) return "";
  const symbols = new Map(
    Array.from(textOf(files, SPRITE).matchAll(SYMBOL), ([symbol, id]) => [id, symbol]),
  );
  const icons = Array.from(used, (id) => {
    const symbol = symbols.get(id);
    if (symbol === undefined) throw new Error(`${SPRITE} has no icon "${id}"`);
    return symbol;
  });
  return `<svg hidden>${icons.join("")}</svg>`;
}
