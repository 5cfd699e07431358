import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_NAME, nameFrom } from "../../src/community/name.ts";

const isTaken = (name: string) => "name" in nameFrom(name);

for (
  const name of [
    ...[
      "Streamer",
      "STREAMER",
      "streamer ✔",
      "The Streamer",
      "Str3amer",
      "s-t-r-e-a-m-e-r",
      "Host",
    ],
    ...[
      "Ádmin",
      "admin2",
      "Admin 007",
      "аdmin",
      "ＡＤＭＩＮ",
      "𝐚𝐝𝐦𝐢𝐧",
      "admln",
      "ad\u200bmin",
      "@dmin",
    ],
    ...["M0d", "moderator", "Real Moderator", "0fficial", "Iivestream", "system", "official"],
  ]
) {
  Deno.test(`nameFrom keeps "${name}" for the streamer`, () => {
    assert.match(JSON.stringify(nameFrom(name)), /kept for the streamer/);
  });
}

for (
  const name of [
    ...["Ann", "Hostess", "Modesto", "Administrata", "Streamers United", "Systematic Sam", "Thea"],
    ...["李小龍", "Зоя", "O'Brien", "José 2", "x", "👑", "مریم", "the", "Theo", "Reala"],
  ]
) {
  Deno.test(`nameFrom takes "${name}" as it is`, () => assert.deepEqual(nameFrom(name), { name }));
}

Deno.test("nameFrom puts a name on one line, with single spaces, in composed form", () => {
  assert.deepEqual(nameFrom("  Ann\n\t of   Cleves "), { name: "Ann of Cleves" });
  assert.deepEqual(nameFrom("Jose\u0301"), { name: "José" });
  assert.deepEqual(nameFrom("nna\u202e"), { name: "nna" });
});

Deno.test("nameFrom refuses names with nothing to see and long ones", () => {
  for (const name of ["", "   ", "\u200b\u200b", "\u3164"]) assert.ok(!isTaken(name));
  assert.ok(isTaken("👍".repeat(MAX_NAME)));
  assert.ok(!isTaken("👍".repeat(MAX_NAME + 1)));
});

Deno.test("nameFrom gives a name that it takes again unchanged", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
    const first = nameFrom(text);
    if ("name" in first) assert.deepEqual(nameFrom(first.name), first);
  }));
});
