import assert from "node:assert/strict";
import fc from "fast-check";
import { ownPath } from "../../src/http/own_path.ts";
import { codePoint } from "../support/code_point.ts";

for (
  const [text, path] of [
    ["/", "/"],
    ["/stream?quality=low&fps=5", "/stream?quality=low&fps=5"],
    ["/studio#token", "/studio"],
    ["/a/../b", "/b"],
    ["/ä b", "/%C3%A4%20b"],
  ] as const
) {
  Deno.test(`own path of ${text} is ${path}`, () => assert.equal(ownPath(text), path));
}

for (
  const text of [
    "",
    "stream",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "/" + "x".repeat(1000),
  ]
) {
  Deno.test(`own path refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
    assert.equal(ownPath(text), null));
}

Deno.test("own path leads to this server, whatever is asked for", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "evil.example",
    "\t",
    "\n",
    "%2f",
    "@",
    ":",
    "?",
  );
  const text = fc.oneof(
    fc.string({ unit: codePoint }).map((rest) => `/${rest}`),
    fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`),
  );
  fc.assert(
    fc.property(text, (text) => {
      const path = ownPath(text);
      if (path === null) return;
      assert.equal(new URL(path, "https://stream.example/login").origin, "https://stream.example");
      assert.doesNotThrow(() => new Headers({ location: path }));
      assert.equal(ownPath(path), path, "reading it again changes nothing");
    }),
    { numRuns: 500 },
  );
});
