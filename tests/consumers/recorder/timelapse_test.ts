import assert from "node:assert/strict";
import fc from "fast-check";
import { TimelapseRing } from "../../../src/consumers/recorder/timelapse.ts";

Deno.test("timelapse keeps one frame per interval", async () => {
  const ring = new TimelapseRing(10_000);
  for (let at = 0; at <= 60_000; at += 33) ring.add(new Uint8Array([at / 1000]), at);
  assert.equal(ring.frames.length, 6);
  const [first, second] = ring.frames;
  assert.equal(first.at, 0);
  assert(second.at >= 10_000 && second.at < 10_100);
  assert.deepEqual(await ring.read(second), new Uint8Array([10]));
  assert.equal(await ring.read({ index: 99, at: 0 }), null);
});

Deno.test("timelapse keeps a picture that stands still once", () => {
  const ring = new TimelapseRing(1000);
  const still = new Uint8Array(1);
  for (let at = 0; at < 10_000; at += 1000) ring.add(still, at);
  ring.add(new Uint8Array(1), 10_000);
  assert.deepEqual(ring.frames.map(({ at }) => at), [0, 10_000]);
});

Deno.test("timelapse that is full keeps every second frame, and takes them half as often", () => {
  const ring = new TimelapseRing(1000, 10);
  for (let at = 0; at < 100_000; at += 500) ring.add(new Uint8Array(1), at);
  const times = ring.frames.map(({ at }) => at);
  assert(times.length > 4 && times.length <= 10, String(times.length));
  assert.equal(times[0], 0);
  const [step] = times.slice(1);
  assert.deepEqual(times, times.map((_, i) => i * step));
  assert(times.at(-1)! >= 100_000 - 2 * step);
});

Deno.test("timelapse never takes more bytes than it may, and always ends", () => {
  const frame = fc.record({
    size: fc.integer({ min: 1, max: 300 }),
    wait: fc.integer({ min: -5000, max: 5000 }),
  });
  fc.assert(fc.property(fc.array(frame), (frames) => {
    const ring = new TimelapseRing(1000, 200);
    let at = 1e6;
    for (const { size, wait } of frames) {
      at += wait;
      ring.add(new Uint8Array(size), at);
      assert(ring.bytes <= 200);
      const times = ring.frames.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
  }));
});

Deno.test("timelapse keeps one frame per interval, and one more each time the clock is set", () => {
  const stretch = fc.record({
    step: fc.integer({ min: -100_000, max: 100_000 }),
    frames: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(fc.property(fc.array(stretch), (stretches) => {
    const ring = new TimelapseRing(1000);
    let [at, passed] = [1e6, 0];
    for (const { step, frames } of stretches) {
      at += step;
      for (let i = 0; i < frames; i++, at += 33, passed += 33) ring.add(new Uint8Array(1), at);
    }
    assert(ring.frames.length <= passed / 1000 + stretches.length);
  }));
});
