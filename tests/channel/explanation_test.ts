import assert from "node:assert/strict";
import { explain } from "../../src/channel/explanation.ts";

Deno.test("explain gives the English text, and the code and values that pages translate", () => {
  assert.deepEqual(explain("too-long", { length: 501, max: 500 }), {
    reason: "Too long: 501 characters (maximum 500)",
    code: "too-long",
    values: { length: 501, max: 500 },
  });
});
