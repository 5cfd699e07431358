/**
 * Writes the licences of all software of others that an executable contains:
 *
 *     tools/deno run --allow-all tools/third_party_licenses.ts THIRD_PARTY_LICENSES main.ts
 *
 * It fails if an npm package has no licence text, or a licence that is not in the list below. Then look
 * for the terms, decide whether we may use the package, and add it to `licenses/by_hand.ts`.
 */
import { join } from "node:path";
import { COMPONENTS, type License, PACKAGES } from "./licenses/by_hand.ts";
import { idOf, type NpmPackage, npmPackages } from "./npm_packages.ts";

/** SPDX identifiers of licences that let us distribute the software as we do, with its notices. */
const ALLOWED = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Bitstream-Vera",
  "ISC",
  "MIT",
  // Asks us to say where the source is.
  "MPL-2.0",
  "OFL-1.1",
  "Unicode-DFS-2016",
  "Zlib",
];

const ROOT = new URL("../", import.meta.url);

const HEADER = `Software of others in livestream

An executable of livestream contains the following software. Each section names the software and gives
its licence. livestream's own licence is in the file LICENSE.
`;

/** Software with the same licence, word for word. */
interface Section {
  readonly names: string[];
  readonly license: string;
  readonly note: string;
  readonly text: string;
}

const [output, ...modules] = Deno.args;
if (output === undefined || modules.length === 0) {
  throw new Error("Give the file to write and the modules where the program starts");
}
const { imported } = await npmPackages(modules);
const unknown = Object.keys(PACKAGES).filter((id) => !imported.some((one) => idOf(one) === id));
if (unknown.length > 0) throw new Error(`Not in use, remove from by_hand.ts: ${unknown}`);

const sections = new Map<string, Section>();
for (const found of imported) {
  const { license, files } = await licenseOf(found);
  await add([idOf(found)], license, "", files, found.folder);
}
for (const { names, license, files, note = "" } of COMPONENTS) {
  await add(names, license, note, files, "");
}
await Deno.writeTextFile(output, HEADER + [...sections.values()].map(render).join(""));

async function licenseOf(found: NpmPackage): Promise<License> {
  const byHand = PACKAGES[idOf(found)];
  if (byHand !== undefined) return byHand;
  const { license } = JSON.parse(await Deno.readTextFile(join(found.folder, "package.json")));
  const files = [...Deno.readDirSync(found.folder)].map(({ name }) => name)
    .filter((name) => /^(licen[cs]e|copying|notice|copyrightnotice)/i.test(name)).sort();
  if (files.length === 0) throw new Error(`${idOf(found)} has no licence text`);
  return { license, files: files.map((name) => `package:${name}`) };
}

async function add(
  names: readonly string[],
  license: string,
  note: string,
  files: readonly string[],
  folder: string,
): Promise<void> {
  if (!ALLOWED.includes(license)) {
    throw new Error(`${names} has the licence ${license}, which is not in the list`);
  }
  const texts = await Promise.all(files.map(async (file) => {
    const [, inPackage] = /^package:(.*)/.exec(file) ?? [];
    const path = inPackage === undefined ? new URL(file, ROOT) : join(folder, inPackage);
    return (await Deno.readTextFile(path)).replaceAll(/[ \t\r]+$/gm, "").replace(/^\n+|\n+$/g, "");
  }));
  const text = texts.join("\n\n");
  const key = `${license}\n${note}\n${text}`;
  const section = sections.get(key) ?? { names: [], license, note, text };
  section.names.push(...names);
  sections.set(key, section);
}

function render({ names, license, note, text }: Section): string {
  const rule = "=".repeat(80);
  const about = note && `\n${note}\n`;
  return `\n${rule}\n${names.join("\n")}\n\nLicence: ${license}\n${about}\n${text}\n`;
}
