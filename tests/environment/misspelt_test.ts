import assert from "node:assert/strict";
import { misspeltVariables } from "../../src/environment/misspelt.ts";

const KNOWN = ["LIVESTREAM_PORT", "LIVESTREAM_HOST", "LIVESTREAM_ADMIN_TOKEN"];

for (
  const [name, meant] of [
    ["LIVESTREAM_PROT", "LIVESTREAM_PORT"],
    ["LIVESTREAM_ADMINTOKEN", "LIVESTREAM_ADMIN_TOKEN"],
    ["LIVE_STREAM_PORT", "LIVESTREAM_PORT"],
    ["LIVESTREEM_HOST", "LIVESTREAM_HOST"],
    ["LIVESTREAMPORT", "LIVESTREAM_PORT"],
    ["livestream_port", "LIVESTREAM_PORT"],
    ["LIVESTREAM_TOKEN_OF_THE_ADMIN", null],
    ["LIVESTREAM_", null],
  ] as const
) {
  Deno.test(`misspelt variable ${name} is probably meant for ${meant}`, () => {
    assert.deepEqual(misspeltVariables(["PATH", name, "LIVESTREAM_HOST"], KNOWN), [
      { name, meant },
    ]);
  });
}

Deno.test("misspelt variables are not those of other programs", () => {
  const others = ["", "PORT", "HOST", "ADMIN_TOKEN", "STREAM_PORT", "DREAMSTREAM_PORT", "PATH"];
  assert.deepEqual(misspeltVariables([...others, ...KNOWN], KNOWN), []);
});
