import assert from "node:assert/strict";
import { variableNames } from "../../src/environment/variable_names.ts";

const NAMES = Object.keys(Deno.env.toObject()).sort();

Deno.test({
  name: "variable names are listed even if the program may not read the values",
  ignore: Deno.build.os === "windows",
  permissions: { ffi: true },
  fn() {
    assert.throws(() => Deno.env.toObject(), Deno.errors.NotCapable);
    assert.deepEqual(variableNames().sort(), NAMES);
  },
});
