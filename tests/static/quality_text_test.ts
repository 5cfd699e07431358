import assert from "node:assert/strict";
import type { Delivery } from "../../src/live_messages.ts";
import { type Chosen, qualityText, statisticsRows } from "../../static/js/quality_text.js";

const HOME: Chosen = { mode: "home", quality: "High", filter: "none" };
const GAMING: Chosen = { ...HOME, mode: "gaming" };
const DELIVERY: Delivery = {
  quality: "source",
  scale: 1,
  why: "chosen",
  fps: 29.97,
  kbps: 14_321,
  delay: 41.6,
  dropped: 0,
  changes: 1,
};

for (
  const [given, settings, text] of [
    [{}, HOME, "High · original"],
    [{}, { ...HOME, filter: "sepia" }, "High · original quality"],
    [{ quality: 50 }, { ...HOME, quality: "Medium" }, "Medium, quality 50"],
    [{ quality: 35, why: "link" }, HOME, "Quality 35 · limited by your connection"],
    [
      { quality: 20, scale: 0.5, why: "link" },
      HOME,
      "Quality 20, half size · limited by your connection",
    ],
    [
      { quality: 20, scale: 0.25, why: "link" },
      HOME,
      "Quality 20, quarter size · limited by your connection",
    ],
    [{ quality: 40, why: "uplink" }, HOME, "Quality 40 · limited by the shared uplink"],
    [
      { quality: "source", why: "reader" },
      HOME,
      "Full quality · fewer frames for your device",
    ],
    [{ why: "link" }, HOME, "Full quality · limited by your connection"],
    [{ quality: 62, why: "motion" }, GAMING, "Quality 62 · adapts to the motion"],
    [{}, GAMING, "Full quality · original"],
  ] as [Partial<Delivery>, Chosen, string][]
) {
  Deno.test(`quality text says "${text}"`, () => {
    assert.equal(qualityText({ ...DELIVERY, ...given }, settings), text);
  });
}

Deno.test("statistics show every value with its unit", () => {
  const page = { painted: 28.4, width: 1280, height: 720 };
  assert.deepEqual(statisticsRows(DELIVERY, HOME, page), [
    ["Quality", "High · original"],
    ["Picture", "1280 × 720"],
    ["Frames", "30.0 fps received, 28.4 shown"],
    ["Bandwidth", "14.3 Mbit/s"],
    ["Delay", "42 ms"],
    ["Skipped", "0 frames"],
    ["Quality changes", "1"],
  ]);
  const rows = statisticsRows({ ...DELIVERY, kbps: 480, delay: null, dropped: 1 }, HOME, page);
  assert.deepEqual(rows.slice(3, 6), [
    ["Bandwidth", "480 kbit/s"],
    ["Delay", "not measured yet"],
    ["Skipped", "1 frame"],
  ]);
});
