import assert from "node:assert/strict";
import { readChoices } from "../../src/http/choices.ts";

Deno.test("readChoices refuses unknown values and ignores unknown names", () => {
  assert.throws(() => readChoices({ quality: "ultra" }), /Set quality to one of high, medium, low/);
  assert.deepEqual(readChoices({ quality: "low", colour: "red" }), { quality: "low" });
});
