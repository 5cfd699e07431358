import fs from "node:fs";

/** The library, once it is loaded. */
export type ImageScript = typeof import("imagescript");

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

/** Of what was read, what a thread needs that encodes and decodes JPEG. */
export function heldForCodec(): Files {
  return new Map([...held].filter(([name]) => name === JPEG_DECODER));
}

/** Takes what another thread has read. */
export function holdFiles(files: Files): void {
  for (const [name, bytes] of files) held.set(name, bytes);
}

let loading: Promise<ImageScript> | undefined;

/**
 * Loads the library, when it is needed: so a platform it does not run on has all the rest.
 *
 * @throws It does not run on this machine.
 */
export function loadImageScript(): Promise<ImageScript> {
  return loading ??= load();
}

async function load(): Promise<ImageScript> {
  const { readFile } = fs.promises;
  const readHeld = (path: unknown, ...rest: unknown[]) => {
    const bytes = held.get(String(path).replace(/.*[\\/]/, ""));
    return bytes ? Promise.resolve(bytes) : Reflect.apply(readFile, fs.promises, [path, ...rest]);
  };
  // The library takes the function when it is loaded, and keeps it.
  Object.assign(fs.promises, { readFile: readHeld });
  try {
    return await import("imagescript");
  } finally {
    Object.assign(fs.promises, { readFile });
  }
}
