import assert from "node:assert/strict";
import type { LumaPlane } from "../../src/media/luma_plane.ts";
import { measureMotion, MotionMeter } from "../../src/motion/measure.ts";

function plane(value: (i: number) => number, width = 8, height = 4): LumaPlane {
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => value(i)) };
}

Deno.test("measureMotion returns 0 for the same frame", () => {
  assert.equal(measureMotion(plane((i) => i), plane((i) => i)), 0);
});

Deno.test("measureMotion ignores sensor noise", () => {
  assert.equal(measureMotion(plane(() => 100), plane((i) => 100 + (i % 7) - 3)), 0);
});

Deno.test("measureMotion is the mean change less the noise, either way", () => {
  const half = plane((i) => i < 16 ? 0 : 100);
  const changed = plane((i) => i < 16 ? 54 : 100);
  assert.equal(measureMotion(half, changed), 51 / 2 / 255);
  assert.equal(measureMotion(changed, half), 51 / 2 / 255);
});

Deno.test("measureMotion returns 0 for frames of different sizes", () => {
  assert.equal(measureMotion(plane(() => 0, 8, 4), plane(() => 255, 4, 8)), 0);
});

Deno.test("MotionMeter measures over a tenth of a second whatever the frame rate", () => {
  const meter = new MotionMeter();
  const measured = [];
  for (let at = 0; at <= 1000; at += 20) {
    if (meter.due(at)) measured.push(meter.observe(plane(() => at % 256), at));
  }
  assert.equal(measured[0], null);
  assert.deepEqual(measured.slice(1).map((motion) => motion?.seconds), Array(10).fill(0.1));
});

Deno.test("MotionMeter does not compare across a pause", () => {
  const meter = new MotionMeter();
  meter.observe(plane(() => 0), 0);
  assert.equal(meter.observe(plane(() => 255), 5000), null);
  assert.notEqual(meter.observe(plane(() => 0), 5100), null);
});

Deno.test("MotionMeter starts again after the clock was set back", () => {
  const meter = new MotionMeter();
  meter.observe(plane(() => 0), 3_600_000);
  assert.ok(meter.due(1_000));
  assert.equal(meter.observe(plane(() => 255), 1_000), null);
  assert.equal(meter.observe(plane(() => 0), 1_100)?.seconds, 0.1);
});
