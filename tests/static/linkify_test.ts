import assert from "node:assert/strict";
import fc from "fast-check";
import { linkify } from "../../static/js/linkify.js";

const linksIn = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

Deno.test("linkify finds http and https addresses, and nothing else", () => {
  const cases: [text: string, links: string[]][] = [
    ["see https://example.com", ["https://example.com"]],
    ["http://a.example/b?c=d#e and HTTPS://F.example", [
      "http://a.example/b?c=d#e",
      "HTTPS://F.example",
    ]],
    ["javascript:alert(1) data:text/html,x ftp://example.com example.com", []],
    ["https:// http://", []],
    ["xhttps://example.com", []],
    ["https://user:secret@example.com https://example.com@evil.test", []],
    ["https://例え.jp/日本", ["https://例え.jp/日本"]],
  ];
  for (const [text, links] of cases) assert.deepEqual(linksIn(text), links, text);
});

Deno.test("linkify leaves punctuation behind a link out, but keeps brackets that belong to it", () => {
  const cases: [text: string, link: string][] = [
    ["https://example.com.", "https://example.com"],
    ["(https://example.com/a)", "https://example.com/a"],
    ["https://example.com/a_(b)", "https://example.com/a_(b)"],
    ["(https://example.com/a_(b)).", "https://example.com/a_(b)"],
    ["https://example.com/?!...", "https://example.com/"],
    ["<https://example.com>", "https://example.com"],
    ['"https://example.com"', "https://example.com"],
  ];
  for (const [text, link] of cases) assert.deepEqual(linksIn(text), [link], text);
});

Deno.test("linkify loses no character, and links only what is written", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl(),
    fc.constantFrom("http://", "https://x.y", "(", ")", ".", "javascript:", "@", "\n"),
  );
  fc.assert(fc.property(fc.array(word), (words) => {
    const text = words.join("");
    const parts = linkify(text);
    assert.equal(parts.map((part) => part.text).join(""), text);
    for (const { text: shown, href } of parts) {
      if (href === undefined) continue;
      assert.equal(href, shown);
      assert.match(new URL(href).protocol, /^https?:$/);
    }
  }));
});
