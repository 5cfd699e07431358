import assert from "node:assert/strict";
import { amountOf, amountText, useCurrency } from "../../static/js/amount_text.js";
import { useTexts } from "../../static/js/text.js";

Deno.test("amounts are in the channel's currency and the page's language, with cents only if any", () => {
  const shown = (language: string, currency: string | null) => {
    useTexts(language, {});
    useCurrency(currency);
    return [5, 2.5, 1234].map(amountText);
  };
  assert.deepEqual(shown("en", null), ["5", "2.50", "1,234"]);
  assert.deepEqual(shown("en", "EUR"), ["€5", "€2.50", "€1,234"]);
  assert.deepEqual(shown("de", "EUR"), ["5\u00a0€", "2,50\u00a0€", "1.234\u00a0€"]);
  assert.deepEqual(shown("en", "JPY"), ["¥5", "¥3", "¥1,234"]);
  useCurrency(null);
  useTexts("en", {});
});

Deno.test("amounts are typed with a decimal point or comma", () => {
  assert.deepEqual(["5", "2.50", "2,5", "", undefined].map((typed) => amountOf(typed)), [
    5,
    2.5,
    2.5,
    null,
    null,
  ]);
});
