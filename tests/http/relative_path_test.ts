import assert from "node:assert/strict";
import * as fc from "fast-check";
import { relativePath } from "../../src/http/relative_path.ts";

for (
  const [from, to, relative] of [
    ["/", "/", "./"],
    ["", "/", "./"],
    ["/settings", "/", "./"],
    ["/chat", "/#chat", "./#chat"],
    ["/admin/state", "/login?to=%2F", "../login?to=%2F"],
    ["//evil.example", "/login", "../login"],
    ["/a/b/", "/c:d", "../../c:d"],
    ["/a", "/c:d", "./c:d"],
  ] as const
) {
  Deno.test(`the relative path from ${from || "nowhere"} to ${to} is ${relative}`, () => {
    assert.equal(relativePath(from, to), relative);
  });
}

Deno.test("a relative path works below any prefix", () => {
  const segment = fc.constantFrom("", "a", "b.c", "d:e", "~", "%2F");
  const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
  const target = path.filter((path) => !path.startsWith("//"));
  fc.assert(fc.property(path, target, fc.constantFrom("", "/cam", "/a/b"), (from, to, prefix) => {
    const page = `http://cam.example${prefix}${from}`;
    assert.equal(
      new URL(relativePath(from, to), page).href,
      new URL(`http://cam.example${prefix}${to}`).href,
    );
  }));
});
