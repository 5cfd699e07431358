import assert from "node:assert/strict";
import { refusalText, text, useTexts, withTexts } from "../../static/js/text.js";

const GERMAN = {
  "common.close": "Schließen",
  "watch.viewers": { one: "{count} Person sieht zu", other: "{count} Personen sehen zu" },
  "error.too-fast": "Zu schnell: in {wait} wieder",
};

Deno.test("text is in the page's language, with the plural that the count needs", () => {
  useTexts("de", GERMAN);
  assert.equal(text("common.close"), "Schließen");
  assert.equal(text("watch.viewers", { count: 1 }), "1 Person sieht zu");
  assert.equal(text("watch.viewers", { count: 0 }), "0 Personen sehen zu");
});

Deno.test("numbers in texts are written as the language writes them", () => {
  const counts = [1, 999, 1234567, 2.5];
  const written = (tag: string) => {
    useTexts(tag, { "watch.viewers": "{count}" });
    return counts.map((count) => text("watch.viewers", { count }));
  };
  assert.deepEqual(written("en"), ["1", "999", "1,234,567", "2.5"]);
  assert.deepEqual(written("de"), ["1", "999", "1.234.567", "2,5"]);
});

Deno.test("refusalText translates by code, and else repeats what the server says", () => {
  useTexts("de", GERMAN);
  const refusal = { reason: "Too fast: again in 2 s", code: "too-fast", values: { wait: "2 s" } };
  assert.equal(refusalText(refusal), "Zu schnell: in 2 s wieder");
  assert.equal(refusalText({ ...refusal, code: "unheard-of" }), "Too fast: again in 2 s");
  assert.equal(refusalText({ reason: "Not found" }), "Not found");
});

Deno.test("a refusal is not taken for the texts of a language", async () => {
  useTexts("de", GERMAN);
  const { fetch } = globalThis;
  const load = () => Promise.resolve("the module");
  try {
    const refusal = { error: "Too Many Requests", "common.close": "Refused" };
    globalThis.fetch = () => Promise.resolve(Response.json(refusal, { status: 429 }));
    await assert.rejects(withTexts(load), /429/);
    assert.equal(text("common.close"), "Schließen");
    globalThis.fetch = () => Promise.resolve(Response.json({ "common.close": "Zu" }));
    assert.equal(await withTexts(load), "the module");
    assert.equal(text("common.close"), "Zu");
  } finally {
    globalThis.fetch = fetch;
  }
});
