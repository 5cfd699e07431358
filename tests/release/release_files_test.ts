import assert from "node:assert/strict";
import { loadPrism } from "@ruby/prism";
import { parse } from "yaml";
import config from "../../deno.json" with { type: "json" };
import { type Release, writeReleaseFiles } from "../../tools/release_files.ts";

const OWNER = "an-owner";
const REPOSITORY = `${OWNER}/livestream`;
const DOWNLOADS = `https://github.com/${REPOSITORY}/releases/download/v${config.version}`;

/** Returns the start of an executable, with these bytes at these places. */
function header(parts: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = new Uint8Array(200);
  for (const [at, some] of Object.entries(parts)) bytes.set(some, Number(at));
  return bytes;
}

const ELF = [0x7f, 0x45, 0x4c, 0x46];
const MACH_O = [0xcf, 0xfa, 0xed, 0xfe];
const EXECUTABLES: Readonly<Record<string, Uint8Array>> = {
  "livestream-x86_64-unknown-linux-gnu": header({ 0: ELF, 18: [62, 0] }),
  "livestream-aarch64-unknown-linux-gnu": header({ 0: ELF, 18: [183, 0] }),
  "livestream-x86_64-apple-darwin": header({ 0: MACH_O, 4: [7, 0, 0, 1] }),
  "livestream-aarch64-apple-darwin": header({ 0: MACH_O, 4: [12, 0, 0, 1] }),
  "livestream-x86_64-pc-windows-msvc.exe": header({
    0: [0x4d, 0x5a],
    60: [128],
    128: [0x50, 0x45, 0, 0, 0x64, 0x86],
  }),
};

/** Makes a folder with all executables and one package, and calls `use` with it. */
async function withDist(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dist-" });
  try {
    for (const [name, bytes] of Object.entries(EXECUTABLES)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await Deno.writeTextFile(`${folder}/livestream_amd64.deb`, "a package");
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(program: string, cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, cwd }).output();
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("release files include checksums of executables and packages alone", async () => {
  await withDist(async (folder) => {
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    // A second run gives the same.
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    const sums = await Deno.readTextFile(`${folder}/SHA256SUMS`);
    assert.deepEqual(
      sums.trimEnd().split("\n").map((line) => line.split("  ")[1]),
      [...Object.keys(EXECUTABLES), "livestream_amd64.deb"].toSorted(),
    );
    const { code, output } = await run("sha256sum", folder, "--check", "--strict", "SHA256SUMS");
    assert.equal(code, 0, output);
  });
});

Deno.test("release's install.sh names the repository", async () => {
  await withDist(async (folder) => {
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    const script = await Deno.readTextFile(`${folder}/install.sh`);
    assert.ok(script.includes(`releases='https://github.com/${REPOSITORY}/releases'\n`));
    const { output } = await run("sh", folder, "install.sh", "--help");
    assert.ok(output.includes(`(default: https://github.com/${REPOSITORY}/releases)`), output);
  });
});

Deno.test("release's Homebrew formula is Ruby", async () => {
  const parseRuby = await loadPrism();
  await withDist(async (folder) => {
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    const { errors } = parseRuby(await Deno.readTextFile(`${folder}/livestream.rb`));
    assert.deepEqual(errors, []);
  });
});

Deno.test("release's Homebrew formula has every address with its checksum", async () => {
  await withDist(async (folder) => {
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    const formula = await Deno.readTextFile(`${folder}/livestream.rb`);
    const sums = await checksums(folder);
    const pairs = [...formula.matchAll(/url "(.*)"\n +sha256 "(.*)"/g)];
    assert.equal(pairs.length, 4);
    for (const [, url, sum] of pairs) {
      assert.ok(url!.startsWith(`${DOWNLOADS}/`), url);
      assert.equal(sum, sums.get(url!.slice(DOWNLOADS.length + 1)), url);
    }
    assert.ok(formula.includes(`version "${config.version}"`));
  });
});

/** Fields that winget's schemas require in all manifests of a version. */
const SHARED = ["PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"];

for (
  const [file, type, required] of [
    ["yaml", "version", ["DefaultLocale"]],
    ["installer.yaml", "installer", ["Installers", "InstallerType", "Commands"]],
    ["locale.en-US.yaml", "defaultLocale", [
      "PackageLocale",
      "Publisher",
      "PackageName",
      "License",
      "ShortDescription",
    ]],
  ] as const
) {
  Deno.test(`release's winget manifest "${type}" has the fields that winget requires`, async () => {
    await withDist(async (folder) => {
      await writeReleaseFiles({ folder, repository: REPOSITORY });
      const text = await Deno.readTextFile(`${folder}/${OWNER}.Livestream.${file}`);
      const manifest = parse(text);
      for (const field of [...SHARED, ...required]) assert.ok(manifest[field], field);
      assert.equal(manifest.ManifestType, type);
      assert.equal(manifest.PackageIdentifier, `${OWNER}.Livestream`);
      assert.equal(manifest.PackageVersion, config.version);
      // The editor's schema is that of the manifest's version.
      assert.ok(text.includes(`manifest.${type}.${manifest.ManifestVersion}.schema.json`), text);
      assert.ok(!text.includes("{{"), text);
    });
  });
}

Deno.test("release's winget manifest has the executable's address and checksum", async () => {
  await withDist(async (folder) => {
    await writeReleaseFiles({ folder, repository: REPOSITORY });
    const text = await Deno.readTextFile(`${folder}/${OWNER}.Livestream.installer.yaml`);
    const name = "livestream-x86_64-pc-windows-msvc.exe";
    assert.deepEqual(parse(text).Installers, [{
      Architecture: "x64",
      InstallerUrl: `${DOWNLOADS}/${name}`,
      InstallerSha256: (await checksums(folder)).get(name),
    }]);
  });
});

async function checksums(folder: string): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(`${folder}/SHA256SUMS`);
  return new Map(text.trimEnd().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]));
}

const LINUX = "livestream-x86_64-unknown-linux-gnu";
const ARM = EXECUTABLES["livestream-aarch64-unknown-linux-gnu"]!;

for (
  const [problem, change, release, expected] of [
    ["no repository", null, { repository: "" }, 'REPOSITORY must be owner/name: ""'],
    ["an address as repository", null, {
      repository: "https://github.com/a/b",
    }, 'REPOSITORY must be owner/name: "https://github.com/a/b"'],
    [
      "another tag than the version's",
      null,
      { tag: "v9.9.9" },
      `The tag of version ${config.version} (deno.json) is v${config.version}: "v9.9.9"`,
    ],
    [
      "a missing executable",
      (path: string) => Deno.remove(path),
      {},
      `/${LINUX} is missing: a release has all that "make compile-all" builds`,
    ],
    [
      "an executable of another processor",
      (path: string) => Deno.writeFile(path, ARM),
      {},
      `/${LINUX} is not for Linux x86_64: it is for Linux aarch64`,
    ],
    [
      "an empty executable",
      (path: string) => Deno.writeTextFile(path, ""),
      {},
      `/${LINUX} is not for Linux x86_64: it is for an unknown system`,
    ],
  ] as [string, ((path: string) => Promise<void>) | null, Partial<Release>, string][]
) {
  Deno.test(`release files are refused for ${problem}`, async () => {
    await withDist(async (folder) => {
      await change?.(`${folder}/${LINUX}`);
      const message = (error: Error) => error.message.replace(folder, "") === expected;
      await assert.rejects(
        writeReleaseFiles({ folder, repository: REPOSITORY, ...release }),
        message,
      );
      await assert.rejects(Deno.stat(`${folder}/SHA256SUMS`), Deno.errors.NotFound);
    });
  });
}
