import assert from "node:assert/strict";
import {
  amountText,
  bandwidthText,
  delayText,
  givenText,
  whyText,
} from "../../../static/js/studio/text.js";

Deno.test("studio shows bandwidth and delay in fitting units", () => {
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

Deno.test("studio shows a viewer's quality and its reason", () => {
  assert.equal(givenText({ quality: "source" }), "Original");
  assert.equal(givenText({ quality: 35 }), "Quality 35");
  assert.equal(whyText({ scale: 1, why: "chosen" }), "viewer's choice");
  assert.equal(whyText({ scale: 0.5, why: "uplink" }), "half size, shared uplink");
  assert.equal(whyText({ scale: 0.25, why: "chosen" }), "quarter size, viewer's choice");
  assert.equal(whyText({ scale: 0.125, why: "link" }), "eighth size, slow connection");
  assert.equal(whyText({ scale: 1, why: "reader" }), "fewer frames");
});

Deno.test("studio shows cents only if there are any", () => {
  assert.deepEqual([5, 12.5, 0.1 + 0.2].map(amountText), ["5", "12.50", "0.30"]);
});
