/**
 * Copies the npm packages of the program, without the files that it never loads, to a new cache that
 * `deno compile` can use as `DENO_DIR`: it puts whole packages into an executable, 18 MB more.
 *
 *     tools/deno run --allow-all tools/slim_npm.ts new-cache main.ts src/transcode/worker.ts
 */
import { dirname, join, relative } from "node:path";
import { READ_LATER } from "../src/pictures/imagescript.ts";
import { npmPackages } from "./npm_packages.ts";

/** Code. Everything else is types, source maps, sources, documents, and CommonJS beside a module. */
const CODE = /(\.m?js|\.wasm|(^|\/)package\.json)$/;

/** CommonJS that the program loads, by package: another package requires it. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  "@leichtgewicht/ip-codec": /^index\.cjs$/,
};

/** Code that the program does not load either, by package. */
const UNUSED: Readonly<Record<string, RegExp>> = {
  // Modules of the standard library other than those imported and what they import.
  "deno-std": /^(?!csv|encoding|html|http|internal|text)\w+\//,
  // Decoders of other formats.
  imagescript: new RegExp(`^wasm/any/(?!${READ_LATER.join("|")})`),
};

const [cache, ...modules] = Deno.args;
if (cache === undefined || modules.length === 0) {
  throw new Error("Give the new cache and the modules where the program starts");
}

const packages = await npmPackages(modules);
const copyOf = (path: string) => join(cache, "npm", relative(packages.cache, path));

await Deno.remove(join(cache, "npm"), { recursive: true }).catch((error) => {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
});
for (const { name, folder } of packages.imported) {
  for await (const path of filesBelow(folder)) {
    const inPackage = relative(folder, path).replaceAll("\\", "/");
    const isCode = CODE.test(inPackage) || REQUIRED[name]?.test(inPackage);
    if (!isCode || UNUSED[name]?.test(inPackage)) continue;
    await Deno.mkdir(dirname(copyOf(path)), { recursive: true });
    await copyCode(path, copyOf(path));
  }
}
// Deno takes a package for downloaded if its folder exists.
for (const folder of packages.otherFolders) await Deno.mkdir(copyOf(folder), { recursive: true });

/**
 * Copies a file without its reference to a source map: the executable would look for the map in a
 * folder of a fixed name in /tmp, where anyone can put one.
 */
async function copyCode(from: string, to: string): Promise<void> {
  if (from.endsWith(".wasm")) return await Deno.copyFile(from, to);
  const code = await Deno.readTextFile(from);
  await Deno.writeTextFile(to, code.replace(/^\/\/# sourceMappingURL=.*$/gm, ""));
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(join(folder, name));
    else yield join(folder, name);
  }
}
