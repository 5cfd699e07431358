import assert from "node:assert/strict";
import fc from "fast-check";
import { mentionsIn } from "../../src/channel/mentions.ts";
import { NamesInUse } from "../../src/channel/names_in_use.ts";
import { codePoint } from "../support/code_point.ts";

/** Finds the mentions in texts where these people are here, each under their own name. */
function among(...names: string[]) {
  const namesInUse = new NamesInUse();
  for (const name of names) namesInUse.hold(name, name);
  const { longest } = namesInUse;
  const find = (name: string) => namesInUse.holderOf(name);
  return (text: string) => mentionsIn(text, { longest, find });
}

for (
  const [text, ...mentioned] of [
    ["hello @ann!", "Ann"],
    ["@Ann Lee, @Ann", "Ann Lee", "Ann"],
    ["@Ann\nLee", "Ann"],
    ["(@ANN)", "Ann"],
    ["@Аnn", "Ann"],
    ["@Ann @Ann", "Ann"],
    ["@Anna"],
    ["@Ann is here", "Ann"],
    ["@An n"],
    ["ann@ann.example"],
    ["@ Ann"],
    ["@José 2: yes", "José 2"],
    ["@Jose\u0301 2: yes", "José 2"],
    ["@王小明你好", "王小明"],
    ["@🦊 hi", "🦊"],
    ["@O'Brien's", "O'Brien"],
    ["@O'Brien", "O'Brien"],
  ] as const
) {
  Deno.test(`mentionsIn finds ${mentioned.join(" and ") || "nobody"} in ${JSON.stringify(text)}`, () => {
    const find = among("Ann", "Ann Lee", "Annis", "José 2", "王小明", "🦊", "O'Brien");
    assert.deepEqual(find(text), mentioned);
  });
}

Deno.test("mentionsIn finds at most five people, each once", () => {
  const names = ["Ann", "Bea", "Cleo", "Dora", "Eva", "Flo"];
  assert.deepEqual(among(...names)(names.map((name) => `@${name}`).join(" ")), names.slice(0, 5));
});

Deno.test("mentionsIn finds any name that a text mentions between other words", () => {
  const word = fc.stringMatching(/^[A-Za-zÀ-ÖØ-Þà-öø-þ]{1,8}$/);
  const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
  fc.assert(fc.property(name, fc.boolean(), (name, isLoud) => {
    const find = among(name);
    const written = isLoud ? name.toUpperCase() : name;
    assert.deepEqual(find(`so, @${written}: yes`), [name]);
    assert.deepEqual(find(`so, ${written}: yes`), []);
  }));
});

Deno.test("mentionsIn names only people who are here, soon, whatever the text", () => {
  const find = among("Ann", "🦊");
  fc.assert(fc.property(fc.string({ unit: fc.oneof(codePoint, fc.constant("@")) }), (text) => {
    for (const author of find(text)) assert.ok(["Ann", "🦊"].includes(author));
  }));
  const start = performance.now();
  find("@a ".repeat(166));
  find("@字".repeat(250));
  assert.ok(performance.now() - start < 100, `${performance.now() - start} ms`);
});

/** The names that a text makes mentionsIn look up. */
function lookedUp(text: string, longest: number): string[] {
  const names: string[] = [];
  mentionsIn(text, { longest, find: (name) => (names.push(name), null) });
  return names;
}

Deno.test("mentionsIn looks up no names longer than all that are here", () => {
  assert.deepEqual(lookedUp("@王小明你好", 3), ["王小明", "王小", "王"]);
  assert.deepEqual(lookedUp("@王小明你好", 0), []);
});

Deno.test("mentionsIn looks up at most 64 names of a message, none that decompose to very many", () => {
  assert.equal(lookedUp(`@${"字".repeat(40)}`.repeat(10), 32).length, 32);
  assert.equal(lookedUp(`@${"字".repeat(40)} `.repeat(10), 32).length, 64);
  // Each of these becomes 18 characters.
  const names = lookedUp("@\ufdfa-\ufdfa-\ufdfa-\ufdfa-\ufdfa-\ufdfa-\ufdfa-\ufdfa-\ufdfa", 32);
  assert.ok(names.length > 0);
  for (const name of names) assert.ok(name.normalize("NFKD").length <= 128, name);
});

Deno.test("NamesInUse knows the longest name that is held, with accents as characters", () => {
  const namesInUse = new NamesInUse();
  assert.equal(namesInUse.longest, 0);
  namesInUse.hold("José", "a");
  namesInUse.hold("Jose 2", "b");
  namesInUse.hold("Jose 3", "c");
  assert.equal(namesInUse.longest, 6);
  namesInUse.hold("Jo", "b");
  assert.equal(namesInUse.longest, 6);
  // Taken, so that nobody has a long one any more.
  namesInUse.hold("Jo", "c");
  assert.equal(namesInUse.longest, 5);
});
