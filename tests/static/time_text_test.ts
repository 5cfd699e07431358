import assert from "node:assert/strict";
import { durationText } from "../../static/js/time_text.js";

Deno.test("durations read as on a clock", () => {
  const texts = [-5000, 0, 7_900, 765_000, 3_723_000, 90_000_000].map(durationText);
  assert.deepEqual(texts, ["0:00", "0:00", "0:07", "12:45", "1:02:03", "25:00:00"]);
});
