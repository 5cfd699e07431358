/**
 * Prints the share of lines that tests covered, by folder:
 *
 *   deno run --allow-all tools/coverage.ts FOLDER
 *
 * FOLDER has the data that `deno test --coverage=FOLDER` wrote.
 */
import { coverageByFolder, type FileCoverage, readLcov } from "./coverage/lcov.ts";

const ROOT = new URL("../", import.meta.url).pathname;

const { success, stdout } = await new Deno.Command(Deno.execPath(), {
  args: [
    "coverage",
    "--quiet",
    "--lcov",
    `--include=^file://${ROOT}(main|src|static)`,
    Deno.args[0],
  ],
  stderr: "inherit",
}).output();
if (!success) Deno.exit(1);
const files = readLcov(new TextDecoder().decode(stdout)).map((file): FileCoverage => ({
  ...file,
  path: file.path.slice(ROOT.length),
}));
const rows = coverageByFolder(files).map(({ folder, found, hit }) =>
  `${folder.padEnd(32)} ${(100 * hit / found).toFixed(1).padStart(6)} %  ${hit} of ${found}`
);
await Deno.stdout.write(new TextEncoder().encode(`${rows.join("\n")}\n`));
