import assert from "node:assert/strict";
import fc from "fast-check";
import { HttpProblem } from "../../src/http/problem.ts";
import { numberIn, readNumber, readText, readWord } from "../../src/http/query.ts";

const RANGE = { min: 0, max: 1e9 };

Deno.test("numberIn accepts exactly the decimal numbers of its range", () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.nat(999_999), (whole, fraction) => {
      assert.equal(numberIn(String(whole), RANGE), whole);
      assert.equal(numberIn(`${whole}.${fraction}`, RANGE), Number(`${whole}.${fraction}`));
      assert.equal(numberIn(`${whole}`, { ...RANGE, isWhole: true }), whole);
      assert.equal(numberIn(`${whole}.5`, { ...RANGE, isWhole: true }), null);
      assert.equal(numberIn(`-${whole}`, { min: -1e9, max: 1e9 }), null);
      assert.equal(numberIn(String(whole), { min: whole + 1, max: 1e9 }), null);
      assert.equal(numberIn(String(whole), { min: -1, max: whole - 1 }), null);
    }),
  );
  for (const text of ["", " ", ".", "1e3", "0x10", "1 ", "+1", "NaN", "Infinity", "1_0", "１"]) {
    assert.equal(numberIn(text, RANGE), null, text);
  }
  assert.equal(numberIn(".5", RANGE), 0.5);
  assert.equal(numberIn("5.", RANGE), 5);
});

Deno.test("a parameter is refused if repeated, and quoted briefly", () => {
  const query = new URLSearchParams({ a: "one", b: "x".repeat(1000) });
  assert.equal(readText(query, "a"), "one");
  assert.equal(readText(query, "c"), null);
  assert.equal(readWord(query, "a", ["one", "two"]), "one");
  assert.equal(readWord(query, "c", ["one"]), undefined);
  assert.equal(readNumber(query, "c", RANGE), undefined);
  const is400 = (error: unknown) =>
    error instanceof HttpProblem && error.status === 400 && error.message.length < 200;
  assert.throws(() => readWord(query, "b", ["one"]), is400);
  assert.throws(() => readNumber(query, "b", RANGE), is400);
  query.append("a", "one");
  assert.throws(() => readText(query, "a"), is400);
});
