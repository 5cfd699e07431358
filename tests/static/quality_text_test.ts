import assert from "node:assert/strict";
import type { Choices, Delivery } from "../../src/live_messages.ts";
import { qualityText, statisticsRows } from "../../static/js/quality_text.js";

const HOME: Choices = { mode: "home", quality: "high", filter: "none" };
const GAMING: Choices = { ...HOME, mode: "gaming" };
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
    [{}, HOME, "High · camera's own picture"],
    [{}, { ...HOME, filter: "sepia" }, "High · camera's own quality"],
    [{ quality: 50 }, { ...HOME, quality: "medium" }, "Medium, quality 50 · as you chose"],
    [{ quality: 35, why: "link" }, HOME, "Quality 35 · your link"],
    [{ quality: 20, scale: 0.5, why: "link" }, HOME, "Quality 20, half size · your link"],
    [{ quality: 20, scale: 0.25, why: "link" }, HOME, "Quality 20, quarter size · your link"],
    [{ quality: 40, why: "uplink" }, HOME, "Quality 40 · shared uplink"],
    [
      { quality: "source", why: "reader" },
      HOME,
      "Full quality · as many frames as your device takes",
    ],
    [{ why: "link" }, HOME, "Full quality · your link"],
    [{ quality: 62, why: "motion" }, GAMING, "Quality 62 · follows the motion"],
    [{}, GAMING, "Full quality · camera's own picture"],
  ] as [Partial<Delivery>, Choices, string][]
) {
  Deno.test(`quality text says "${text}"`, () => {
    assert.equal(qualityText({ ...DELIVERY, ...given }, settings), text);
  });
}

Deno.test("statistics tell all there is, with units", () => {
  const page = { painted: 28.4, width: 1280, height: 720 };
  assert.deepEqual(statisticsRows(DELIVERY, HOME, page), [
    ["Given", "High · camera's own picture"],
    ["Picture", "1280 × 720"],
    ["Frames", "30.0 fps sent, 28.4 shown"],
    ["Bandwidth", "14.3 Mbit/s"],
    ["Delay", "42 ms"],
    ["Left out", "0 frames"],
    ["Quality changed", "once"],
  ]);
  const rows = statisticsRows({ ...DELIVERY, kbps: 480, delay: null, dropped: 1 }, HOME, page);
  assert.deepEqual(rows.slice(3, 6), [
    ["Bandwidth", "480 kbit/s"],
    ["Delay", "not known yet"],
    ["Left out", "1 frame"],
  ]);
});
