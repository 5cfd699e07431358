import assert from "node:assert/strict";

const ROOT = new URL("../../../", import.meta.url).pathname;

async function* testFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(ROOT + folder)) {
    if (isDirectory) yield* testFiles(`${folder}/${name}`);
    else if (name.endsWith("_test.ts")) yield `${folder}/${name}`;
  }
}

Deno.test("optional tests are skipped, without throwing, where their program is not installed", async () => {
  const files: string[] = [];
  for await (const file of testFiles("tests")) {
    if (/\bignore\b/.test(await Deno.readTextFile(ROOT + file))) files.push(file);
  }
  assert.ok(files.includes("tests/e2e/reverse_proxy_test.ts"));
  // A module's top-level code runs although none of its tests does.
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-check", "--filter=/^no test has this name$/", ...files],
    cwd: ROOT,
    env: { PATH: "/nonexistent", NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
});
