import assert from "node:assert/strict";
import fc from "fast-check";
import { CaptureTimes } from "../../../src/producers/relay/capture_times.ts";

const NOW = 1_795_750_000_000;
const FRAME_MS = 33;

/** Takes frames that arrive `late` after their capture, by a clock that is `ahead` of this machine's. */
function take(
  times: CaptureTimes,
  frames: number,
  late: (i: number) => number,
  ahead = 0,
  from = NOW,
) {
  return Array.from({ length: frames }, (_, i) => {
    const captured = from + i * FRAME_MS;
    const arrival = captured + late(i);
    const { at, isNews } = times.take(captured + ahead, arrival);
    return { captured, arrival, at, isNews, age: arrival - at };
  });
}

Deno.test("timestamps count as they are while the clocks agree", () => {
  const frames = take(new CaptureTimes(), 100, (i) => 20 + i % 7);
  for (const { at, captured, isNews } of frames) {
    assert.equal(at, captured);
    assert.equal(isNews, false);
  }
});

Deno.test("a clock that is ahead by a little makes no negative age", () => {
  const frames = take(new CaptureTimes(), 100, () => 5, 30);
  for (const { age, isNews } of frames) {
    assert.ok(age >= 0 && age <= 5, `${age}`);
    assert.equal(isNews, false);
  }
});

for (const ahead of [3_600_000, 500, -60_000, -86_400_000]) {
  Deno.test(`a clock that is ${ahead} ms ahead is noticed once, and ages count from the soonest frame`, () => {
    const frames = take(new CaptureTimes(), 200, (i) => 20 + (i % 5) * 10, ahead);
    assert.equal(frames.filter(({ isNews }) => isNews).length, 1);
    for (const { age } of frames.slice(50)) assert.ok(age >= 0 && age <= 40, `${age}`);
  });
}

Deno.test("a picture that stood still before the connection is no sign of a wrong clock", () => {
  const times = new CaptureTimes();
  const first = times.take(NOW - 3_600_000, NOW);
  assert.deepEqual(first, { at: NOW, isNews: false });
  for (const { at, captured, isNews } of take(times, 50, () => 20, 0, NOW + 100)) {
    assert.equal(at, captured);
    assert.equal(isNews, false);
  }
});

Deno.test("a few frames that were held up for long are no sign of a wrong clock", () => {
  const times = new CaptureTimes();
  take(times, 50, () => 20);
  const late = take(times, 5, (i) => 12_000 - i * 30, 0, NOW + 50 * FRAME_MS);
  assert.ok(late.every(({ isNews }) => !isNews));
  assert.ok(late.every(({ age }) => age >= 0 && age <= 10_000));
});

Deno.test("a clock that is set back while frames come is followed", () => {
  const times = new CaptureTimes();
  take(times, 50, () => 20);
  const after = take(times, 60, () => 20, -3_600_000, NOW + 50 * FRAME_MS);
  assert.equal(after.filter(({ isNews }) => isNews).length, 1);
  for (const { age } of after.slice(30)) assert.ok(age >= 0 && age < 100, `${age}`);
});

Deno.test("whatever the clocks do, no age is negative or more than ten seconds, and times hardly fall", () => {
  const step = fc.record({
    passes: fc.integer({ min: 0, max: 5_000 }),
    difference: fc.integer({ min: -1e9, max: 1e9 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const times = new CaptureTimes();
    let arrival = NOW, last = -Infinity;
    for (const { passes, difference } of steps) {
      arrival += passes;
      const { at } = times.take(arrival - difference, arrival);
      assert.ok(at <= arrival && arrival - at <= 10_000);
      assert.ok(at >= Math.min(last, arrival));
      last = at;
    }
  }));
});
