import { holdImageScript, type Image, loadImageScript } from "./imagescript.ts";

export interface TextOptions {
  readonly text: string;
  /** Of the letters, in pixels. */
  readonly size: number;
  /** RGBA: `0xrrggbbaa`. */
  readonly color: number;
  /** Pixels; longer lines are wrapped between words. */
  readonly maxWidth: number;
  /** Pixels; lines below it are left out. */
  readonly maxHeight: number;
}

const FONT_URL = new URL("./font.ttf", import.meta.url);

/** Control characters too: the font has no empty glyph for them. */
const NOT_IN_FONT = /[^\u0020-\u007e\u00a1-\u024f\u0370-\u04ff\u2010-\u2026]+/g;

let font: Promise<Uint8Array> | undefined;

/** Reads all that drawing needs, because later the program may read no files any more. */
export async function prepareToDraw(): Promise<void> {
  await Promise.all([holdImageScript(), readFont()]);
}

function readFont(): Promise<Uint8Array> {
  return font ??= Deno.readFile(FONT_URL);
}

/** The text less what the font does not have: all but Latin, Greek, Cyrillic and some signs. */
export function drawable(text: string): string {
  return text.replace(NOT_IN_FONT, " ").trim();
}

/**
 * Draws text on a transparent picture just large enough for it; a dash for text of which the font
 * has nothing.
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

/** ImageScript's text takes two functions of `Deno.core`, which Deno no longer shows. */
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
