/**
 * Completes dist/ for a release: with the five executables and the packages there, adds SHA256SUMS,
 * install.sh, the Homebrew formula and the winget manifest.
 *
 *     deno run --allow-read --allow-write=dist tools/release_files.ts owner/livestream [v0.1.0]
 */
import config from "../deno.json" with { type: "json" };
import { executableKind } from "./executable_kind.ts";

const ROOT = new URL("../", import.meta.url);

/** Executables of a release, and what each has to be. */
const EXECUTABLES = {
  "livestream-x86_64-unknown-linux-gnu": "Linux x86_64",
  "livestream-aarch64-unknown-linux-gnu": "Linux aarch64",
  "livestream-x86_64-apple-darwin": "macOS x86_64",
  "livestream-aarch64-apple-darwin": "macOS aarch64",
  "livestream-x86_64-pc-windows-msvc.exe": "Windows x86_64",
};

export interface Release {
  /** Folder with executables and packages. Default: dist. */
  readonly folder?: string;
  /** Where the project is published: owner/name on GitHub. */
  readonly repository: string;
  /** The tag that is released; it has to match the version. Default: that of the version. */
  readonly tag?: string;
}

/** Writes the release's files, and returns their names. */
export async function writeReleaseFiles(
  { folder = "dist", repository, tag = `v${config.version}` }: Release,
): Promise<string[]> {
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) {
    throw new Error(`REPOSITORY must be owner/name: "${repository}"`);
  }
  if (tag !== `v${config.version}`) {
    throw new Error(
      `The tag of version ${config.version} (deno.json) is v${config.version}: "${tag}"`,
    );
  }
  for (const [name, kind] of Object.entries(EXECUTABLES)) {
    await checkExecutable(`${folder}/${name}`, kind);
  }
  const [owner] = repository.split("/") as [string];
  const templates = {
    "install.sh": "install.sh",
    "livestream.rb": "packaging/homebrew/livestream.rb",
    [`${owner}.Livestream.yaml`]: "packaging/winget/version.yaml",
    [`${owner}.Livestream.installer.yaml`]: "packaging/winget/installer.yaml",
    [`${owner}.Livestream.locale.en-US.yaml`]: "packaging/winget/locale.en-US.yaml",
  };
  const made = [...Object.keys(templates), "SHA256SUMS"];
  const sums = await checksums(folder, made);
  const values = new Map([
    ["REPOSITORY", repository],
    ["OWNER", owner],
    ["VERSION", config.version],
    ["DOWNLOADS", `https://github.com/${repository}/releases/download/${tag}`],
    ...[...sums].map(([name, sum]) => [`SHA256 ${name}`, sum] as const),
  ]);
  for (const [name, template] of Object.entries(templates)) {
    const text = await Deno.readTextFile(new URL(template, ROOT));
    await Deno.writeTextFile(`${folder}/${name}`, fill(text, values, template));
  }
  const lines = [...sums].map(([name, sum]) => `${sum}  ${name}\n`);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, lines.join(""));
  return made;
}

async function checkExecutable(path: string, expected: string): Promise<void> {
  let kind: string;
  try {
    kind = await executableKind(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`${path} is missing: a release has all that "make compile-all" builds`);
  }
  if (kind !== expected) throw new Error(`${path} is not for ${expected}: it is for ${kind}`);
}

/** Returns the SHA-256 of the files in a folder by their names, without those `made` here. */
async function checksums(folder: string, made: readonly string[]): Promise<Map<string, string>> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ isFile, name }) => isFile && !made.includes(name))
    .map(({ name }) => name);
  const sums = new Map<string, string>();
  for (const name of names.toSorted()) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    sums.set(name, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
  }
  return sums;
}

/** Replaces each `{{NAME}}` in a template by its value. */
function fill(text: string, values: ReadonlyMap<string, string>, template: string): string {
  return text.replace(/\{\{(.*?)\}\}/g, (_, name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${template} has an unknown {{${name}}}`);
    return value;
  });
}

if (import.meta.main) {
  const [repository = "", tag] = Deno.args;
  try {
    await writeReleaseFiles({ repository, tag });
  } catch (error) {
    await new Blob([`${(error as Error).message}\n`]).stream().pipeTo(Deno.stderr.writable);
    Deno.exit(1);
  }
}
