import { holdImageScript, type Image, loadImageScript } from "./imagescript.ts";

/** What {@linkcode drawText} draws. */
export interface TextOptions {
  /** The text; what the font lacks is left out. */
  readonly text: string;
  /** The size of the letters, in pixels. */
  readonly size: number;
  /** RGBA: `0xrrggbbaa`. */
  readonly color: number;
  /** Pixels; longer lines are wrapped between words. */
  readonly maxWidth: number;
  /** Pixels; lines below it are left out. */
  readonly maxHeight: number;
}

const FONT_URL = new URL("./font.ttf", import.meta.url);

/** What the font lacks. That includes control characters, for which it has no empty glyph. */
const NOT_IN_FONT = /[^\u0020-\u007e\u00a1-\u024f\u0370-\u04ff\u2010-\u2026]+/g;

let font: Promise<Uint8Array> | undefined;

/** Reads all files that drawing needs, because the program gives up that permission after start. */
export async function prepareToDraw(): Promise<void> {
  await Promise.all([holdImageScript(), readFont()]);
}

function readFont(): Promise<Uint8Array> {
  return font ??= Deno.readFile(FONT_URL);
}

/** Returns the text without what the font lacks: it has Latin, Greek, Cyrillic and some signs. */
export function drawable(text: string): string {
  return text.replace(NOT_IN_FONT, " ").trim();
}

/**
 * Draws text on a transparent picture just large enough for it; a dash if the font has none of its
 * letters.
 */
export async function drawText(options: TextOptions): Promise<Image> {
  const { text, size, color, maxWidth, maxHeight } = options;
  const [{ Image, TextLayout }, bytes] = await Promise.all([loadImageScript(), readFont()]);
  const layout = new TextLayout({ maxWidth, maxHeight, wrapStyle: "word" });
  return await lendingDenoCore(() =>
    Image.renderText(bytes, Math.round(size), drawable(text) || "-", color, layout)
  );
}

let borrowers = 0;

/** Lends ImageScript two functions of `Deno.core`, which its text needs and Deno no longer exposes. */
async function lendingDenoCore<T>(use: () => Promise<T>): Promise<T> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const core = {
    encode: (text: string) => encoder.encode(text),
    decode: (bytes: Uint8Array) => decoder.decode(bytes),
  };
  borrowers++;
  Object.defineProperty(Deno, "core", { value: core, configurable: true });
  try {
    return await use();
  } finally {
    if (--borrowers === 0) Reflect.deleteProperty(Deno, "core");
  }
}
