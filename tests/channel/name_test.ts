import assert from "node:assert/strict";
import fc from "fast-check";
import { CONFUSABLES } from "../../src/channel/confusables.ts";
import { MAX_NAME, nameFrom } from "../../src/channel/name.ts";

/** Letters with many marks, some of which decompose into more. */
const marked = fc.array(
  fc.constantFrom(
    "a",
    "e",
    "ệ",
    "\u0301",
    "\u0323",
    "\u0344",
    "\u0315",
    "\u200d",
    "\u034f",
    "ﷺ",
    "각",
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

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
    ...["ѕτreamer", "🅢🅣🅡🅔🅐🅜🅔🅡", "admın", "strearner", "streamer™", "🆂🆃🆁🅴🅰🅼🅴🆁", "🇭🇴🇸🇹"],
    ...["ⓢⓣⓡⓔⓐⓜⓔⓡ", "ꜱᴛʀᴇᴀᴍᴇʀ", "StreamerTM", "Ηost", "нost", "mоdегаtоr", "str℮amer", "ovvner"],
    ...["adm!n", "str€amer", "S†reamer", "h°st"],
    ...["s\u0336t\u0336a\u0336f\u0336f", "admin\u3164", "Streamer (official)", "ѕʏѕτем", "Mоd ✔"],
    ...["M0d", "moderator", "Real Moderator", "0fficial", "Iivestream", "system", "official"],
  ]
) {
  Deno.test(`nameFrom reserves "${name}" for the streamer`, () => {
    assert.match(JSON.stringify(nameFrom(name)), /reserved for the streamer/);
  });
}

for (
  const name of [
    ...["Ann", "Hostess", "Modesto", "Administrata", "Streamers United", "Systematic Sam", "Thea"],
    ...["Marnie", "Clara", "Official fan", "Moderna", "Вова", "Ἑλένη", "Nguyễn", "हिन्दी", "TM"],
    ...["李小龍", "Зоя", "O'Brien", "José 2", "x", "👑", "مریم", "the", "Theo", "Reala"],
  ]
) {
  Deno.test(`nameFrom accepts "${name}" as it is`, () =>
    assert.deepEqual(nameFrom(name), { name }));
}

Deno.test("nameFrom puts a name on one line, with single spaces, in composed form", () => {
  assert.deepEqual(nameFrom("  Ann\n\t of   Cleves "), { name: "Ann of Cleves" });
  assert.deepEqual(nameFrom("Jose\u0301"), { name: "José" });
  assert.deepEqual(nameFrom("nna\u202e"), { name: "nna" });
});

Deno.test("nameFrom refuses invisible and long names", () => {
  for (const name of ["", "   ", "\u200b\u200b", "\u3164"]) assert.ok(!isTaken(name));
  assert.ok(isTaken("👍".repeat(MAX_NAME)));
  assert.ok(!isTaken("👍".repeat(MAX_NAME + 1)));
});

const alikes = CONFUSABLES.trim().split("\n").flatMap((line) => {
  const [chosen = "", others = ""] = line.split(" ");
  return /^[a-z]$/i.test(chosen) ? [...others].map((other) => [chosen.toLowerCase(), other]) : [];
});

Deno.test("nameFrom reserves the streamer's names in all letters that look alike", () => {
  const reserved = fc.constantFrom("streamer", "moderator", "administrator", "livestream", "host");
  // Of each letter as many look-alikes as come up, between what shows nothing.
  const invisible = fc.constantFrom("", "", "\u200b", "\u2060", "\ufe0f", "\u0336", "\u034f");
  const choices = fc.array(fc.tuple(fc.nat(), invisible), { minLength: 13, maxLength: 13 });
  fc.assert(fc.property(reserved, choices, (name, choices) => {
    const written = [...name].map((letter, i) => {
      const [choice, invisible] = choices[i]!;
      const looks = [letter, letter, ...alikes.filter(([to]) => to === letter).map(([, it]) => it)];
      return looks[choice % looks.length] + invisible;
    }).join("");
    const outcome = nameFrom(written);
    if ("name" in outcome) assert.fail(written);
    assert.match(outcome.refused.reason, /reserved for the streamer|too long/);
  }));
});

Deno.test("nameFrom leaves at most four marks on a letter, and composes many quickly", () => {
  assert.deepEqual(nameFrom("Z\u0336\u0337\u0338\u0335\u0334\u0336algo"), {
    name: "Z\u0336\u0337\u0338\u0335algo",
  });
  const start = performance.now();
  nameFrom("a" + "\u0315\u0323".repeat(8_000));
  assert.ok(performance.now() - start < 50, `${performance.now() - start} ms`);
});

Deno.test("nameFrom accepts its own names unchanged", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), marked), (text) => {
      const first = nameFrom(text);
      if ("name" in first) assert.deepEqual(nameFrom(first.name), first);
    }),
  );
});
