import fs from "node:fs";
import { createRequire, Module } from "node:module";
import process from "node:process";

/** The library, once it is loaded. */
export type ImageScript = typeof import("imagescript");

/** A picture as the library draws it. */
export type Image = import("imagescript").Image;

/** The contents of files by their names. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const JPEG_DECODER = "jpeg.wasm";
/** The files that the library reads when it first decodes a JPEG, or draws text or an SVG. */
export const READ_LATER: readonly string[] = [JPEG_DECODER, "font.wasm", "svg.wasm"];

const held = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * Reads the files that the library would read on first use, because by then the program has given up
 * the permission to read them.
 */
export async function holdImageScript(): Promise<void> {
  const library = import.meta.resolve("imagescript");
  await Promise.all(READ_LATER.map(async (name) => {
    held.set(name, await Deno.readFile(new URL(`wasm/any/${name}`, library)));
  }));
}

/** Returns those of the files read that a transcoder thread needs: the JPEG decoder. */
export function heldForCodec(): Files {
  return new Map([...held].filter(([name]) => name === JPEG_DECODER));
}

/** Takes files that another thread has read. */
export function holdFiles(files: Files): void {
  for (const [name, bytes] of files) held.set(name, bytes);
}

let loading: Promise<ImageScript> | undefined;

/** Loads the library on first use, without its native encoders. */
export function loadImageScript(): Promise<ImageScript> {
  return loading ??= load();
}

async function load(): Promise<ImageScript> {
  const require = createRequire(import.meta.resolve("imagescript"));
  leaveOutEncoders(require);
  requireConfined(require);
  return await import("imagescript");
}

/**
 * Replaces the library's native encoders: an executable would have to unpack them to a folder where
 * other users may write, because systems load such code only from a file.
 */
function leaveOutEncoders(require: NodeJS.Require): void {
  const encoders = require.resolve("./codecs/node/index.js");
  require.cache[encoders] = Object.assign(new Module(encoders), { loaded: true });
}

/** Loads the library so that it keeps a reader of the held files and an empty environment. */
function requireConfined(require: NodeJS.Require): void {
  const { readFile } = fs.promises;
  const { env } = process;
  const readHeld = (path: unknown, ...rest: unknown[]) => {
    const bytes = held.get(String(path).replace(/.*[\\/]/, ""));
    return bytes ? Promise.resolve(bytes) : Reflect.apply(readFile, fs.promises, [path, ...rest]);
  };
  Object.assign(fs.promises, { readFile: readHeld });
  process.env = {};
  try {
    require("./ImageScript.js");
  } finally {
    Object.assign(fs.promises, { readFile });
    process.env = env;
  }
}
