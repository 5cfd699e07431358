import assert from "node:assert/strict";
import fc from "fast-check";
import { BlockedWords } from "../../src/channel/blocked_words.ts";
import { done, refusalOf } from "./fixture.ts";

const blocks = (word: string, text: string) => new BlockedWords([word]).isIn(text);

for (
  const [word, text] of [
    ["ass", "You ass!"],
    ["ass", "ASS"],
    ["ass", "a.s.s"],
    ["ass", "a s s"],
    ["ass", "á-s_s"],
    ["ass", "a\u200bss"],
    ["ass", "ａｓｓ"],
    ["ass", "(ass)"],
    ["Straße", "STRASSE"],
    ["naïve", "so naive"],
    ["naive", "so nai\u0308ve"],
    ["bad word", "a bad  word here"],
    ["bad word", "bad-word"],
    ["f***", "what the f*** is"],
    ["🍆", "hello 🍆🍆"],
    ["傻瓜", "你是傻瓜吗"],
    ["d'oh", "D'OH"],
    ["bad word", "b a d w o r d"],
    ["bad word", "b.a.d w-o-r-d"],
    ["hell", "'hell'"],
    ["傻瓜", "傻.瓜"],
    ["x", "an X here"],
    ["bad", "🅑🅐🅓"],
    ["bad", "🅱🅰🅳"],
    ["bad", "bаd"],
    ["bad", "b\u0336a\u0336d\u0336"],
    ["bad word", "bаd wοrd"],
    ["class", "clasꜱ"],
    ["рот", "рот"],
  ]
) {
  Deno.test(`BlockedWords finds "${word}" in ${JSON.stringify(text)}`, () => {
    assert.ok(blocks(word, text));
  });
}

for (
  const [word, text] of [
    ["ass", "class assassin bass"],
    ["ass", "as safe as"],
    ["ahole", "a hole in my sock"],
    ["hell", "he'll be there"],
    ["panda", "pand a"],
    ["panda", "p anda"],
    ["con", "icon second"],
    ["bad word", "bad swordsmen"],
    ["x", "six"],
    ["f***", "f and stars"],
    ["c++", "c"],
    ["pot", "рот"],
    ["de", "🇩🇪"],
    ["🇩🇪", "Rue de Rome"],
  ]
) {
  Deno.test(`BlockedWords leaves ${JSON.stringify(text)} alone for "${word}"`, () => {
    assert.ok(!blocks(word, text));
  });
}

const word = fc.stringMatching(/^[a-zäöüéñ]{2,12}$/);

Deno.test("BlockedWords finds any word as written, in capitals, decomposed and with separators", () => {
  fc.assert(fc.property(word, word, word, (blocked, before, after) => {
    const words = new BlockedWords([blocked]);
    for (
      const written of [
        blocked,
        blocked.toUpperCase(),
        blocked.normalize("NFD"),
        [...blocked].join("."),
        [...blocked].join(" "),
      ]
    ) assert.ok(words.isIn(`${before} ${written}, ${after}`), written);
  }));
});

Deno.test("BlockedWords finds no word as a part of a longer one", () => {
  fc.assert(fc.property(word, fc.constantFrom(..."abcäé7"), (blocked, more) => {
    const words = new BlockedWords([blocked]);
    assert.ok(!words.isIn(blocked + more));
    assert.ok(!words.isIn(more + blocked));
  }));
});

Deno.test("BlockedWords treats words literally, not as patterns", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 20 })), (list) => {
    const { words } = done(BlockedWords.from(list));
    for (const blocked of words.words) assert.ok(words.isIn(`- ${blocked} -`), blocked);
  }));
});

Deno.test("BlockedWords keeps each word once, as written, and drops empty ones", () => {
  const { words } = done(BlockedWords.from(["Bad", " bad ", "", "  ", "bád", "worse\n"]));
  assert.deepEqual(words.words, ["Bad", "worse"]);
  assert.ok(!done(BlockedWords.from([])).words.isIn("anything"));
});

Deno.test("BlockedWords refuses too many and too long words", () => {
  const many = Array.from({ length: 501 }, (_, i) => `word${i}`);
  assert.match(refusalOf(BlockedWords.from(many)).reason, /500/);
  assert.match(refusalOf(BlockedWords.from(["a".repeat(65)])).reason, /64/);
  done(BlockedWords.from(many.slice(1)));
});

Deno.test("BlockedWords checks the longest message for 500 words within milliseconds", () => {
  const nasty = Array.from({ length: 500 }, (_, i) => "a".repeat(40) + (i % 2 ? i : `+${i}`));
  const words = new BlockedWords(nasty);
  const texts = ["a".repeat(500), "a ".repeat(250), "a.".repeat(250), "aa  ".repeat(125)];
  texts.forEach((text) => words.isIn(text));
  const start = performance.now();
  for (const text of texts) assert.ok(!words.isIn(text));
  const each = (performance.now() - start) / texts.length;
  assert.ok(each < 100, `${each} ms`);
});
