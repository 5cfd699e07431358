import assert from "node:assert/strict";
import { quoteOf } from "../../src/channel/quote.ts";

const quoted = (text: string) => quoteOf({ id: 1, name: "Ann", text }).text;

Deno.test("quoteOf shows the beginning of a message, on one line", () => {
  assert.equal(quoted("One\ntwo"), "One two");
  assert.equal(quoted("👍".repeat(500)), "👍".repeat(100));
});

Deno.test("quoteOf cleans no more than the first 200 characters, and halves none", () => {
  const hidden = "\u202e";
  assert.equal(quoted(`${hidden.repeat(199)}bc`), "b");
  assert.equal(quoted(`${hidden.repeat(399)}👍`), "");
  assert.equal(quoted(`a${"👍".repeat(99)}`), `a${"👍".repeat(99)}`);
});
