import fs from "node:fs";
import { createRequire, Module } from "node:module";
import process from "node:process";

/** The library, once it is loaded. */
export type ImageScript = typeof import("imagescript");

/** A picture as the library draws it. */
export type Image = import("imagescript").Image;

/** Files by their names. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What the library reads when it first decodes a JPEG, or draws words or an SVG. */
const JPEG_DECODER = "jpeg.wasm";
const READ_LATER = [JPEG_DECODER, "font.wasm", "svg.wasm"];

const held = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * Reads what the library would only read when it is used, because by then the program may read no
 * files any more.
 */
export async function holdImageScript(): Promise<void> {
  const library = import.meta.resolve("imagescript");
  await Promise.all(READ_LATER.map(async (name) => {
    held.set(name, await Deno.readFile(new URL(`wasm/any/${name}`, library)));
  }));
}

/** Of what was read, what a thread needs that decodes JPEG. */
export function heldForCodec(): Files {
  return new Map([...held].filter(([name]) => name === JPEG_DECODER));
}

/** Takes what another thread has read. */
export function holdFiles(files: Files): void {
  for (const [name, bytes] of files) held.set(name, bytes);
}

let loading: Promise<ImageScript> | undefined;

/** Loads the library when it is first needed, without its native encoders. */
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
 * Takes the place of the library's native encoders: a system loads such code only from a file, so
 * an executable would have to unpack it to where other users may write.
 */
function leaveOutEncoders(require: NodeJS.Require): void {
  const encoders = require.resolve("./codecs/node/index.js");
  require.cache[encoders] = Object.assign(new Module(encoders), { loaded: true });
}

/** Lets the library find what is held instead of files, and no environment, both of which it keeps. */
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
