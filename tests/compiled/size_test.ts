import assert from "node:assert/strict";

/** Modules, npm packages, pages and pictures together. Raise it for a reason; the last were publishing, HLS (hls.js), events and multicast DNS, of 1.1 MB. */
const LIMIT_MB = 14;

/** Returns the size of the file that an environment variable names. Megabytes. */
async function sizeOf(variable: string): Promise<number> {
  const path = Deno.env.get(variable);
  assert(path, `Set ${variable}: see test-executable in the Makefile`);
  return (await Deno.stat(path)).size / 1e6;
}

Deno.test(`executable adds at most ${LIMIT_MB} MB to Deno's runtime`, async () => {
  const added = await sizeOf("TESTED_EXECUTABLE") - await sizeOf("BARE_EXECUTABLE");
  assert(added > 1 && added <= LIMIT_MB, `${added} MB`);
});
