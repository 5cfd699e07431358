import assert from "node:assert/strict";
import { useTexts } from "../../static/js/text.js";
import { clockText, durationText, waitText } from "../../static/js/time_text.js";
import { useEnglish } from "../support/page_texts.ts";

Deno.test("durations read as on a clock", () => {
  const texts = [-5000, 0, 7_900, 765_000, 3_723_000, 90_000_000].map(durationText);
  assert.deepEqual(texts, ["0:00", "0:00", "0:07", "12:45", "1:02:03", "25:00:00"]);
});

Deno.test("times of day read as the language writes them", () => {
  const at = new Date(2026, 0, 1, 16, 5).getTime();
  try {
    useTexts("de", {});
    assert.equal(clockText(at), "16:05");
  } finally {
    useEnglish();
  }
  // Between the time and PM is a narrow space.
  assert.match(clockText(at), /^4:05\sPM$/);
});

Deno.test("waits read naturally and are never too short", () => {
  const texts = [0, 1, 1001, 89_000, 90_000, 3_600_000, 7_200_000].map(waitText);
  assert.deepEqual(texts, [
    "1 second",
    "1 second",
    "2 seconds",
    "89 seconds",
    "2 minutes",
    "60 minutes",
    "2 hours",
  ]);
});
