import assert from "node:assert/strict";
import { relative } from "node:path";
import { isRunning } from "../../support/is_running.ts";
import { until } from "../../support/until.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const SCRIPT = `${ROOT}tools/test.ts`;

/** Writes a test file for the time until it is disposed. */
async function testFile(content: string) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/some_test.ts`;
  await Deno.writeTextFile(path, content);
  return {
    folder,
    /** As the runner reports it. */
    path: relative(ROOT, path),
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function runner(...args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", SCRIPT, ...args],
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(...args: readonly string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await runner(...args).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("tools/test.ts prints what the tests print, and fails with them", async () => {
  await using file = await testFile(`
    Deno.test("writes", () => console.log("Written by a test"));
    Deno.test.ignore("needs a tool", () => {});
    Deno.test("fails", () => { throw new Error("Wrong") });
  `);
  const { code, text } = await run(file.path);
  assert.equal(code, 1);
  assert.match(text, /Written by a test/);
  assert.ok(text.includes(`\nSkipped:\n  needs a tool\nFailed:\n  ${file.path}: fails\n`), text);
  assert.ok(text.endsWith("\n1 passed, 1 failed\n"), text);
});

Deno.test("tools/test.ts succeeds with the tests", async () => {
  await using file = await testFile(`Deno.test("runs", () => {});`);
  const { code, text } = await run(file.path);
  assert.equal(code, 0, text);
  assert.ok(text.endsWith("\n1 passed, 0 failed\n"), text);
});

Deno.test("tools/test.ts fails when a module does not load", async () => {
  await using file = await testFile(`throw new Error("Cannot load");`);
  const { code, text } = await run(file.path);
  assert.equal(code, 1);
  assert.ok(text.includes(`\nFailed:\n  ${file.path}\n`), text);
  assert.ok(text.endsWith("\n0 passed, 1 failed\n"), text);
});

Deno.test("tools/test.ts refuses a path without tests", async () => {
  const { code, text } = await run("tests/nowhere_test.ts");
  assert.deepEqual([code, text], [2, 'Cannot find tests in "tests/nowhere_test.ts"\n']);
  assert.deepEqual(await run("docs"), { code: 2, text: "There are no tests in docs\n" });
});

Deno.test("tools/test.ts ends the tests and what they started when it is ended", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using file = await testFile(`
    Deno.test("never ends", async () => {
      const child = new Deno.Command("sleep", { args: ["600"] }).spawn();
      await Deno.writeTextFile(new URL("./started", import.meta.url), \`\${Deno.pid} \${child.pid}\`);
      await child.status;
    });
  `);
  const child = runner(file.path).spawn();
  const pids = await startedPids(`${file.folder}/started`);
  child.kill("SIGINT");
  const { code } = await child.output();
  assert.equal(code, 130);
  for (const pid of pids) await until(`${pid} to end`, async () => !await isRunning(pid));
});

/** Waits until the tests have written which processes they are. */
async function startedPids(path: string): Promise<number[]> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.includes(" ")) return text.split(" ").map(Number);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
