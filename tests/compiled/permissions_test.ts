import assert from "node:assert/strict";
import { testConfinement } from "../support/confinement.ts";
import { productPermissions } from "../support/permissions.ts";

const ROOT = new URL("../../", import.meta.url);

function program(): string {
  const path = Deno.env.get("INFILTRATED_EXECUTABLE");
  assert(path, "Set INFILTRATED_EXECUTABLE to what `make tests/output/infiltrated` made");
  return path;
}

testConfinement("executable", () => ({ program: program(), args: [] }), false);

/** Returns the words of the command by which make would compile this target. */
async function commandFor(target: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("make", { args: ["-n", target], cwd: ROOT }).output();
  const lines = new TextDecoder().decode(stdout).replaceAll(/\\\n/g, " ").replaceAll("'", "");
  const words = lines.split("\n").find((line) => line.includes(" compile "))!.split(/\s+/);
  const output = words.indexOf("--output");
  return [...words.slice(0, output), ...words.slice(output + 3)];
}

Deno.test("executable is compiled with exactly the tested permissions", async () => {
  const product = await commandFor("compile");
  assert.deepEqual(product, await commandFor("tests/output/infiltrated"));
  const permissions = product.filter((word) =>
    /^--(allow|no-prompt|deny|unstable)|^-A$/.test(word)
  );
  assert.deepEqual(permissions, await productPermissions());
});
