import assert from "node:assert/strict";
import { useTexts } from "../../static/js/text.js";
import { useEnglish } from "../support/page_texts.ts";
import { bandwidthText, bytesText, delayText } from "../../static/js/unit_text.js";

Deno.test("pages show bandwidth and delay in fitting units", () => {
  assert.deepEqual([0, 999.4, 999.6, 14_240, 123_456].map(bandwidthText), [
    "0 kbit/s",
    "999 kbit/s",
    "1.0 Mbit/s",
    "14.2 Mbit/s",
    "123 Mbit/s",
  ]);
  assert.deepEqual([null, 0, 41.6, 999.4, 1240].map(delayText), [
    "–",
    "0 ms",
    "42 ms",
    "999 ms",
    "1.2 s",
  ]);
});

Deno.test("pages show what was sent in kilobytes, megabytes and gigabytes", () => {
  const sizes = [0, 40, 40_400, 100_000, 9_940_000, 81_600_000, 999_400_000, 1_250_000_000];
  assert.deepEqual(sizes.map(bytesText), [
    "0 MB",
    "1 kB",
    "40 kB",
    "0.1 MB",
    "9.9 MB",
    "82 MB",
    "999 MB",
    "1.3 GB",
  ]);
});

Deno.test("pages write numbers as their language does", () => {
  const units = {
    "common.unit.kilobits": "{value} kbit/s",
    "common.unit.megabits": "{value} Mbit/s",
  };
  useTexts("de", units);
  assert.deepEqual([bandwidthText(1500), delayText(1500)], ["1,5 Mbit/s", "1,5 s"]);
  useEnglish();
});
