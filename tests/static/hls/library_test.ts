import assert from "node:assert/strict";
import { readStaticFiles, textOf } from "../../../src/http/static_files.ts";
import { servedSource } from "../../../src/http/served_source.ts";

const STATIC = new URL("../../../static/", import.meta.url);

Deno.test("hls.js is the npm package's, unchanged, and served as it is", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "hls.js"],
    cwd: new URL("../../../", import.meta.url),
    stderr: "inherit",
  }).output();
  const { npmPackages } = JSON.parse(new TextDecoder().decode(stdout));
  const [key, ...others] = Object.keys(npmPackages).filter((key) => key.startsWith("hls.js@"));
  assert.deepEqual(others, []);
  const copy = textOf(await readStaticFiles(STATIC), "/js/hls/hls.light.min.js");
  const original = `${npmPackages[key].localPath}/dist/hls.light.min.js`;
  assert.ok(copy === await Deno.readTextFile(original));
  assert.ok(servedSource(copy) === copy.replace(/^\/\/# sourceMappingURL=.*/m, ""));
});
