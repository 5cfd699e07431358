import assert from "node:assert/strict";
import { BackOff } from "../../../src/producers/ffmpeg/back_off.ts";

const NOTHING = { hadFrames: false, liveFor: 0 };

function pausesOf(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

Deno.test("back-off grows to 10 s for a source that never gives a picture", () => {
  const backOff = new BackOff();
  const pauses = pausesOf(6, () => backOff.next("other", NOTHING));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

Deno.test("back-off opens a source at once after 2 s of pictures, and then grows", () => {
  const backOff = new BackOff();
  pausesOf(9, () => backOff.next("other", NOTHING));
  assert.equal(backOff.next("other", { hadFrames: true, liveFor: 2_000 }), 100);
  assert.equal(backOff.next("other", { hadFrames: true, liveFor: 60_000 }), 100);
  const pauses = pausesOf(4, () => backOff.next("other", NOTHING));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000]);
});

Deno.test("back-off stays short enough to keep the last picture of who gives a few each time", () => {
  const backOff = new BackOff();
  // One picture is live for no time at all.
  const pauses = pausesOf(3, () => backOff.next("other", { hadFrames: true, liveFor: 0 }));
  assert.deepEqual(pauses, [1_000, 1_500, 1_500]);
});

Deno.test("back-off looks for what is missing steadily, however often it failed", () => {
  const backOff = new BackOff();
  const unplugged = { hadFrames: true, liveFor: 60_000 };
  assert.equal(backOff.next("missing", unplugged), 100);
  assert.deepEqual(pausesOf(3, () => backOff.next("missing", NOTHING)), [1_000, 1_000, 1_000]);
  pausesOf(9, () => backOff.next("other", NOTHING));
  assert.deepEqual(pausesOf(3, () => backOff.next("missing", NOTHING)), [1_500, 1_500, 1_500]);
});
