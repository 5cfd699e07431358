import assert from "node:assert/strict";
import fc from "fast-check";
import { CONFUSABLES } from "../../src/channel/confusables.ts";
import { isReserved, MAX_NAME, numberedName, plainName } from "../../src/channel/name.ts";

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

const isName = (name: string) => "name" in plainName(name);

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
  Deno.test(`isReserved reserves "${name}" for the streamer`, () => {
    assert.equal(isReserved(name, "Bea"), true);
  });
}

for (
  const name of [
    ...["Ann", "Hostess", "Modesto", "Administrata", "Streamers United", "Systematic Sam", "Thea"],
    ...["Marnie", "Clara", "Official fan", "Moderna", "Вова", "Ἑλένη", "Nguyễn", "हिन्दी", "TM"],
    ...["李小龍", "Зоя", "O'Brien", "José 2", "x", "👑", "مریم", "the", "Theo", "Reala"],
  ]
) {
  Deno.test(`plainName accepts "${name}" as it is, and it is not reserved`, () => {
    assert.deepEqual(plainName(name), { name });
    assert.equal(isReserved(name, "Bea"), false);
  });
}

Deno.test("plainName puts a name on one line, with single spaces, in composed form", () => {
  assert.deepEqual(plainName("  Ann\n\t of   Cleves "), { name: "Ann of Cleves" });
  assert.deepEqual(plainName("Jose\u0301"), { name: "José" });
  assert.deepEqual(plainName("nna\u202e"), { name: "nna" });
});

Deno.test("plainName refuses invisible and long names", () => {
  for (const name of ["", "   ", "\u200b\u200b", "\u3164"]) assert.ok(!isName(name));
  assert.ok(isName("👍".repeat(MAX_NAME)));
  assert.ok(!isName("👍".repeat(MAX_NAME + 1)));
});

const alikes = CONFUSABLES.trim().split("\n").flatMap((line) => {
  const [chosen = "", others = ""] = line.split(" ");
  return /^[a-z]$/i.test(chosen) ? [...others].map((other) => [chosen.toLowerCase(), other]) : [];
});

Deno.test("isReserved reserves the streamer's names in all letters that look alike", () => {
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
    const outcome = plainName(written);
    if ("name" in outcome) assert.ok(isReserved(outcome.name, "Bea"), written);
    else assert.match(outcome.refused.reason, /too long/);
  }));
});

Deno.test("plainName leaves at most four marks on a letter, and composes many quickly", () => {
  assert.deepEqual(plainName("Z\u0336\u0337\u0338\u0335\u0334\u0336algo"), {
    name: "Z\u0336\u0337\u0338\u0335algo",
  });
  const start = performance.now();
  plainName("a" + "\u0315\u0323".repeat(8_000));
  assert.ok(performance.now() - start < 50, `${performance.now() - start} ms`);
});

Deno.test("plainName accepts its own names unchanged", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), marked), (text) => {
      const first = plainName(text);
      if ("name" in first) assert.deepEqual(plainName(first.name), first);
    }),
  );
});

Deno.test("isReserved reserves the name that the streamer chose, and what looks like it", () => {
  for (const name of ["Bea", "BEA", "Веа", "The Real Bea", "b3a", "Bea 2", "Bea ✔"]) {
    assert.equal(isReserved(name, "Bea"), true, name);
  }
  for (const name of ["Beatrix", "Be", "Ann", "🦊"]) {
    assert.equal(isReserved(name, "Bea"), false, name);
    assert.equal(isReserved(name, "🐻"), false, name);
  }
});

Deno.test("numberedName puts a number behind a name, in place of another, within the maximum", () => {
  assert.equal(numberedName("Anna", 2), "Anna 2");
  assert.equal(numberedName("Anna 2", 3), "Anna 3");
  assert.equal(numberedName("Anna 1999", 2), "Anna 1999 2");
  fc.assert(fc.property(marked, fc.integer({ min: 2, max: 99 }), (text, number) => {
    const outcome = plainName(text);
    if ("name" in outcome) assert.ok(isName(numberedName(outcome.name, number)));
  }));
  assert.equal(numberedName("👍".repeat(MAX_NAME), 10), `${"👍".repeat(MAX_NAME - 3)} 10`);
});
