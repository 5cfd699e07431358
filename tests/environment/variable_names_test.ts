import assert from "node:assert/strict";
import { variableNames } from "../../src/environment/variable_names.ts";

Deno.test({
  name: "all environment variables are listed, by a program that may not read them",
  ignore: Deno.build.os === "windows",
  fn() {
    assert.deepEqual(variableNames().sort(), Object.keys(Deno.env.toObject()).sort());
  },
});
