import assert from "node:assert/strict";
import fc from "fast-check";
import { refuse } from "../../src/channel/refusal.ts";
import { isVisible, lengthOf, messageFrom, plainLines, plainText } from "../../src/channel/text.ts";
import { codePoint } from "../support/code_point.ts";

Deno.test("plainText leaves text without control characters as typed", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    fc.pre(!/\p{M}{5}/u.test(text));
    fc.pre(!/[\p{Cc}\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/u.test(text));
    assert.equal(plainText(text), text.trim());
  }));
});

Deno.test("plainText makes any text well-formed, on one line, once and for all", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), fc.nat(0xffff), (text, unit) => {
    const plain = plainText(text + String.fromCharCode(unit) + text);
    assert.ok(plain.isWellFormed());
    assert.doesNotMatch(plain, /[\p{Cc}\u2028\u2029]/u);
    assert.equal(plainText(plain), plain);
  }));
});

for (
  const [text, plain] of [
    ["  hello  ", "hello"],
    ["one\r\ntwo\nthree\tfour", "one two three four"],
    ["a\0b\x1b[31mc\x7f\x9bd", "ab[31mcd"],
    ['<b>no & "markup"</b>', '<b>no & "markup"</b>'],
    ["abc\u202eedf\u202c", "abcedf"],
    ["half \ud83d pair", "half \ufffd pair"],
    ["👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"],
  ]
) {
  Deno.test(`plainText of ${JSON.stringify(text)}`, () => assert.equal(plainText(text), plain));
}

for (const text of ["", "  ", "\u200b", "\u2060\u00ad", "\u3164\u3164", "\u2800", "\u0301"]) {
  Deno.test(`isVisible sees nothing in ${JSON.stringify(text)}`, () => {
    assert.equal(isVisible(text), false);
  });
}

Deno.test("isVisible sees letters, digits, punctuation and emoji of any script", () => {
  for (const text of ["a", "7", "?", "ش", "字", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️"]) assert.ok(isVisible(text), text);
});

for (
  const [text, plain] of [
    ["  one\r\ntwo\rthree\u2028four\tfive ", "one\ntwo\nthree\nfour five"],
    ["\n\none\n\n \n\t\n\ntwo\n\n", "one\n\ntwo"],
    ["one\0\x0btwo\x1b", "one\ntwo"],
    [[..."abcdefghijkl"].join("\n"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj k l"],
    ["one\n\u202etwo", "one\ntwo"],
  ]
) {
  Deno.test(`plainLines of ${JSON.stringify(text)}`, () => assert.equal(plainLines(text), plain));
}

const lined = fc.array(
  fc.oneof(fc.constantFrom("\n", "\r\n", " ", "\t", "\u2028", "\u0301", "\u202e"), codePoint),
  { maxLength: 60 },
).map((parts) => parts.join(""));

Deno.test("plainLines has at most ten lines, never two empty ones in a row, once and for all", () => {
  fc.assert(fc.property(fc.oneof(lined, fc.string({ unit: codePoint })), (text) => {
    const plain = plainLines(text);
    assert.ok(plain.isWellFormed());
    assert.doesNotMatch(plain, /[^\P{Cc}\n]|[\u2028\u2029]/u);
    assert.doesNotMatch(plain, /\n{3}|\s\n(?!\n)[^\S\n]*$/);
    assert.ok(plain.split("\n").length <= 10);
    assert.equal(plainLines(plain), plain);
    assert.equal(plain.replace(/\s+/g, ""), plainText(text).replace(/\s+/g, ""));
  }));
});

Deno.test("messageFrom accepts messages up to the maximum of code points", () => {
  assert.deepEqual(messageFrom("👍".repeat(500), 500), { text: "👍".repeat(500) });
  assert.ok("refused" in messageFrom("👍".repeat(501), 500));
  assert.deepEqual(messageFrom(` ${"a".repeat(500)} `, 500), { text: "a".repeat(500) });
  fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => {
    assert.equal(lengthOf(text), [...text].length);
  }));
});

Deno.test("messageFrom refuses invisible text", () => {
  assert.deepEqual(messageFrom(" \u200b\n", 500), refuse("empty"));
});

const marks = fc.constantFrom(
  "a",
  "字",
  "\u0301",
  "\u0336",
  "\u20dd",
  "\u200d",
  "\u200c",
  "\u034f",
  "\ufe0f",
);

Deno.test("plainText leaves at most four marks on a letter, whatever is between them", () => {
  fc.assert(fc.property(fc.array(marks).map((parts) => parts.join("")), (text) => {
    const plain = plainText(text);
    for (const letter of plain.split(/[a字]/)) {
      assert.ok((letter.match(/\p{M}/gu)?.length ?? 0) <= 4, JSON.stringify(plain));
    }
    assert.equal(plain.replace(/\p{M}/gu, ""), text.replace(/\p{M}/gu, ""));
    assert.equal(plainText(plain), plain);
  }));
});

for (
  const text of [
    "Nguyễn Thị Ngọc Ánh",
    "שָׁלוֹם",
    "مُحَمَّد",
    "हिन्दी",
    "ကြောင့်",
    "བསྒྲུབས",
    "👩🏽‍❤️‍💋‍👨🏼",
    "1️⃣",
    "ภาษาที่",
  ]
) {
  for (const form of ["NFC", "NFD"] as const) {
    Deno.test(`plainText leaves the marks of ${text} in ${form}`, () => {
      assert.equal(plainText(text.normalize(form)), text.normalize(form));
    });
  }
}
