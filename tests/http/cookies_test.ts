import assert from "node:assert/strict";
import * as fc from "fast-check";
import { cookiesOf } from "../../src/http/cookies.ts";

function cookiesIn(cookie: string) {
  return { ...cookiesOf(new Request("http://a/", { headers: { cookie } })) };
}

Deno.test("cookies are read by name, and malformed ones ignored", () => {
  assert.deepEqual({ ...cookiesOf(new Request("http://a/")) }, {});
  assert.deepEqual(cookiesIn("a=1; b=two=2"), { a: "1", b: "two=2" });
  for (const cookie of ["a=1; ", "a=1;", ";a=1", "a=1;;", "=x; a=1", " = ; a=1; =", "\ta=1"]) {
    assert.deepEqual(cookiesIn(cookie), { a: "1" }, cookie);
  }
});

Deno.test("the first of two cookies counts, which has the longer path", () => {
  assert.deepEqual(cookiesIn("a=below; b=2; a=above"), { a: "below", b: "2" });
});

Deno.test("no cookie header makes reading it fail, or hides a later cookie", () => {
  const printable = fc.string({ unit: fc.constantFrom(...'a=;, \t"%\u00ff_') });
  fc.assert(fc.property(printable, (text) => {
    cookiesIn(text);
    assert.equal(cookiesIn(`${text};viewer=1`).viewer, "1");
  }));
});
