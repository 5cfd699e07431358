import assert from "node:assert/strict";
import { temporaryFolder } from "../../store/temporary_folder.ts";
import { productPermissions } from "../../support/permissions.ts";
import { startProgram } from "../../support/program.ts";
import { until } from "../../support/until.ts";

const FLAGS = ["run", "--quiet", "--no-check", ...await productPermissions(), "main.ts"];

Deno.test("program opens the watch page, which outlives it, with the permissions of the product", async () => {
  using temporary = temporaryFolder();
  const folder = temporary.path;
  // Like xdg-open where it becomes the browser.
  const script = `#!/bin/sh\necho "$1 $$ $(ps -o pgid= $$)" >${folder}/opened\nexec sleep 60\n`;
  await Deno.writeTextFile(`${folder}/xdg-open`, script, { mode: 0o755 });
  const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, DISPLAY: ":0" };
  const program = await startProgram(["--source=test", "--open"], {
    command: [Deno.execPath(), ...FLAGS],
    env,
  });
  let browser = 0;
  try {
    const opened = await until(
      "the browser to open",
      () => Deno.readTextFile(`${folder}/opened`).catch(() => ""),
      (text) => text.endsWith("\n"),
    );
    const [url, pid, group] = opened.trim().split(/\s+/);
    browser = Number(pid);
    assert.equal(url, `${program.origin}/`);
    // A group of its own: Ctrl+C in the terminal does not reach it.
    assert.equal(group, pid);
    await program[Symbol.asyncDispose]();
    assert.doesNotMatch(program.output(), /Cannot open a browser/);
    // Throws if it has ended.
    Deno.kill(browser, "SIGCONT");
  } finally {
    await program[Symbol.asyncDispose]();
    if (browser !== 0) Deno.kill(browser, "SIGKILL");
  }
});
