import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Runs a command in the project's folder, and returns its exit code and output. */
async function run(program: string, ...args: string[]) {
  const { code, stderr } = await new Deno.Command(program, { args, cwd: ROOT }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("THIRD_PARTY_LICENSES is what make licenses writes now", async () => {
  const file = await Deno.makeTempFile();
  try {
    const { code, stderr } = await run("make", "licenses", `THIRD_PARTY_LICENSES=${file}`);
    assert.equal(code, 0, stderr);
    const committed = await Deno.readTextFile(`${ROOT}THIRD_PARTY_LICENSES`);
    assert.equal(committed, await Deno.readTextFile(file), "Run make licenses");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("licences found by hand are refused for a version that is not in use", async () => {
  const { code, stderr } = await run(
    ...[
      Deno.execPath(),
      "run",
      "--allow-all",
      "tools/third_party_licenses.ts",
      "/dev/null",
    ] as const,
    "src/terminal/banner.ts",
  );
  assert.equal(code, 1);
  assert.match(stderr, /Not in use, remove from by_hand\.ts: .*imagescript/);
});
