import "../support/page_texts.ts";
import assert from "node:assert/strict";
import type { Choices, Delivery } from "../../src/live_messages.ts";
import { QUALITIES } from "../../src/media/qualities.ts";
import { LEVELS, levelText, qualityText } from "../../static/js/quality_text.js";
import { statisticsRows } from "../../static/js/statistics_rows.js";

const HOME: Choices = { mode: "home", quality: "high", filter: "none" };
const GAMING: Choices = { ...HOME, mode: "gaming" };
const DELIVERY: Delivery = {
  codec: "jpeg",
  quality: "source",
  scale: 1,
  why: "chosen",
  fps: 29.97,
  kbps: 14_321,
  delay: 41.6,
  dropped: 0,
  changes: 1,
};

Deno.test("pages know what each quality level gives", () => {
  const levels = Object.fromEntries(
    Object.entries(QUALITIES).map(([name, given]) => [given, name]),
  );
  assert.deepEqual(LEVELS, levels);
});

Deno.test("a quality is named by its level, or else by its percentage", () => {
  const text = (quality: Delivery["quality"], scale: Delivery["scale"] = 1) =>
    levelText({ codec: "jpeg", quality, scale });
  assert.deepEqual(
    [text("source"), text(50), text(20), text(35), text(35, 0.5), text(50, 0.125)],
    ["High (original)", "Medium", "Low", "35 %", "35 %, half size", "Medium, eighth size"],
  );
});

for (
  const [given, choices, text] of [
    [{}, HOME, "High (original)"],
    [{}, { ...HOME, filter: "sepia" }, "High"],
    [{ quality: 50 }, { ...HOME, quality: "medium" }, "Medium"],
    [{ quality: 35, why: "link" }, HOME, "Reduced for your connection (35 %)"],
    [{ quality: 50, why: "link" }, HOME, "Reduced for your connection (50 %)"],
    [
      { quality: 20, scale: 0.5, why: "link" },
      { ...HOME, quality: "low" },
      "Reduced for your connection (20 %, half size)",
    ],
    [{ quality: 40, why: "uplink" }, HOME, "Reduced for the shared uplink (40 %)"],
    [
      { quality: 50, why: "uplink" },
      { ...HOME, quality: "medium" },
      "Medium, fewer frames for the shared uplink",
    ],
    [{ why: "reader" }, HOME, "High (original), fewer frames for your device"],
    [{ why: "link" }, HOME, "High (original), fewer frames for your connection"],
    [{ quality: 60, why: "motion" }, GAMING, "Adapted to the motion (60 %)"],
    [{ why: "motion" }, GAMING, "Adapted to the motion (100 %)"],
    [{ codec: "h264", quality: 45 }, HOME, "H.264"],
    [{ codec: "h264", quality: 45, why: "link" }, HOME, "Reduced for your connection (H.264)"],
    [
      { codec: "h264", quality: 25, scale: 0.5, why: "uplink" },
      HOME,
      "Reduced for the shared uplink (H.264, half size)",
    ],
    [{ quality: 30, why: "link" }, GAMING, "Reduced for your connection (30 %)"],
  ] as [Partial<Delivery>, Choices, string][]
) {
  Deno.test(`quality text says "${text}" for ${choices.quality}, ${choices.mode}`, () => {
    assert.equal(qualityText({ ...DELIVERY, ...given }, choices), text);
  });
}

Deno.test("statistics show every value with its unit", () => {
  const page = { painted: 28.4, width: 1280, height: 720, path: null };
  assert.deepEqual(statisticsRows(DELIVERY, HOME, page), [
    ["Quality", "High (original)"],
    ["Codec", "JPEG"],
    ["Picture", "1280 × 720"],
    ["Frames", "30.0 fps received, 28.4 shown"],
    ["Bandwidth", "14.3 Mbit/s"],
    ["Delay", "42 ms"],
    ["Skipped", "0 frames"],
    ["Quality changes", "1"],
  ]);
  const rows = statisticsRows({ ...DELIVERY, kbps: 480, delay: null, dropped: 1 }, HOME, page);
  assert.deepEqual(rows.slice(4, 7), [
    ["Bandwidth", "480 kbit/s"],
    ["Delay", "Not measured yet"],
    ["Skipped", "1 frame"],
  ]);
  const [, codec] = statisticsRows(DELIVERY, HOME, { ...page, path: "mediasource" });
  assert.deepEqual(codec, ["Codec", "H.264 by MediaSource"]);
});
