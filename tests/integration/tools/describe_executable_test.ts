import assert from "node:assert/strict";
import { executableKind } from "../../../tools/executable_kind.ts";

Deno.test("executable is described by name, system and size", async () => {
  const path = Deno.execPath();
  const tool = new URL("../../../tools/describe_executable.ts", import.meta.url).pathname;
  const args = ["run", "--quiet", "--allow-read", tool, path];
  const { stdout } = await new Deno.Command(path, { args }).output();
  const size = Math.round((await Deno.stat(path)).size / 1e6);
  assert.equal(
    new TextDecoder().decode(stdout),
    `${path}: executable for ${await executableKind(path)}, ${size} MB\n`,
  );
});
