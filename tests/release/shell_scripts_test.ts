import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";

const SCRIPTS = [
  ".ci/run",
  "install.sh",
  "src/media/jpeg/kernel/build.sh",
  "tools/deno",
  "tools/setup",
];

const shellcheck = findProgram("shellcheck");

Deno.test("shellcheck finds nothing in the scripts", { ignore: !shellcheck }, async () => {
  const cwd = new URL("../..", import.meta.url);
  const { stdout } = await new Deno.Command(shellcheck!, { args: SCRIPTS, cwd }).output();
  assert.equal(new TextDecoder().decode(stdout), "");
});
