import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Runs `tools/test` on a file with these tests. Returns the last lines of its output. */
async function summaryOf(tests: string): Promise<{ code: number; lines: string[] }> {
  const file = await Deno.makeTempFile({ suffix: "_test.ts" });
  try {
    await Deno.writeTextFile(file, tests);
    const { code, stdout } = await new Deno.Command(`${ROOT}tools/test`, {
      args: [`--no-check ${file}`],
      cwd: ROOT,
    }).output();
    return { code, lines: new TextDecoder().decode(stdout).trimEnd().split("\n") };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("tools/test lists skipped tests by name without counting them", async () => {
  const { code, lines } = await summaryOf(`
    Deno.test("runs", () => {});
    Deno.test({ name: "needs a tool", ignore: true, fn() {} });
    Deno.test.ignore("needs root", () => {});
  `);
  assert.deepEqual(lines.slice(-4), [
    "Skipped:",
    "  needs a tool",
    "  needs root",
    "1 passed, 0 failed",
  ]);
  assert.equal(code, 0);
});

Deno.test("tools/test does not mention skipped tests if there are none", async () => {
  const { code, lines } = await summaryOf(`
    Deno.test("runs", () => {});
    Deno.test("fails", () => { throw new Error("Wrong") });
  `);
  assert.equal(lines.at(-1), "1 passed, 1 failed");
  assert.doesNotMatch(lines.join("\n"), /^Skipped:/m);
  assert.equal(code, 1);
});
