import assert from "node:assert/strict";
import fc from "fast-check";
import { giveLanguage, Languages } from "../../../src/http/pages/languages.ts";
import { readStaticFiles } from "../../../src/http/static_files.ts";

const files = await readStaticFiles(new URL("../../../static/", import.meta.url));
const languages = new Languages(files);

const tagFor = (headers: Record<string, string>) =>
  languages.of({ headers: new Headers(headers) }).tag;

for (
  const [header, tag] of [
    ["", "en"],
    ["*", "en"],
    ["tlh", "en"],
    ["en-GB", "en"],
    ["de", "de"],
    ["de-AT, en;q=0.5", "de"],
    ["nl, fr-CA;q=0.8, de;q=0.7", "fr"],
    ["de;q=0.4, es-419;q=0.8", "es"],
    ["de;q=0, fr;q=0.1", "fr"],
    ["DE-ch", "de"],
    ["zh", "zh-CN"],
    ["zh-SG", "zh-CN"],
    ["zh-Hans-HK", "zh-CN"],
    ["zh-tw", "zh-TW"],
    ["zh-HK", "zh-TW"],
    ["zh-Hant", "zh-TW"],
    ["zh-Hant-CN", "zh-TW"],
    ["de_DE, !, fr", "fr"],
  ] as const
) {
  Deno.test(`Accept-Language "${header}" gets ${tag}`, () => {
    assert.equal(tagFor({ "accept-language": header }), tag);
  });
}

Deno.test("a known language in the cookie overrides the browser's, an unknown one does not", () => {
  const headers = { "accept-language": "de" };
  assert.equal(tagFor({ ...headers, cookie: "language=zh-TW" }), "zh-TW");
  assert.equal(tagFor({ ...headers, cookie: "language=tlh" }), "de");
  assert.equal(tagFor({ ...headers, cookie: "language=__proto__" }), "de");
});

Deno.test("an Accept-Language header without end is not read to its end", () => {
  assert.equal(tagFor({ "accept-language": `${"tlh,".repeat(19)}de` }), "de");
  assert.equal(tagFor({ "accept-language": `${"tlh,".repeat(20)}de` }), "en");
  assert.equal(tagFor({ "accept-language": `tlh${" ".repeat(297)},de` }), "en");
});

Deno.test("any Accept-Language header gets a known language", () => {
  const known = languages.all.map(({ tag }) => tag);
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("de", "zh-", "-Hant", ";q=", ",", "*", "1.5", "x-", "\t", "\u00ff"),
  );
  const isHeader = (text: string) => !/[^\t\x20-\x7e\x80-\xff]/.test(text);
  const header = fc.array(part).map((parts) => parts.join("")).filter(isHeader);
  fc.assert(fc.property(header, (value) => {
    assert.ok(known.includes(tagFor({ "accept-language": value })));
  }));
});

Deno.test("the language cookie is for every page below the base path, for a year", () => {
  const headers = new Headers();
  giveLanguage({ basePath: "/cam/" }, headers, languages.named("de")!);
  const [pair, ...attributes] = headers.get("set-cookie")!.split("; ");
  assert.equal(pair, "language=de");
  assert.deepEqual(attributes.toSorted(), [
    "HttpOnly",
    "Max-Age=31536000",
    "Path=/cam/",
    "SameSite=Lax",
  ]);
});
