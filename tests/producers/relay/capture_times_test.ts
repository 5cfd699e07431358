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

for (const ahead of [3_600_000, 500, -1_500, -3_000, -9_000, -60_000, -86_400_000]) {
  Deno.test(`a clock that is ${ahead} ms ahead is noticed once, and ages count from the soonest frame`, () => {
    const frames = take(new CaptureTimes(), 200, (i) => 20 + (i % 5) * 10, ahead);
    assert.equal(frames.filter(({ isNews }) => isNews).length, 1);
    for (const { age } of frames.slice(50)) assert.ok(age >= 0 && age <= 40, `${age}`);
  });

  Deno.test(`how far a clock is off that is ${ahead} ms ahead is unknown until it is noticed`, () => {
    const times = new CaptureTimes();
    assert.equal(times.offset, null);
    for (let i = 0, isFound = false; i < 300; i++) {
      isFound ||= take(times, 1, () => 20, ahead, NOW + i * FRAME_MS)[0]!.isNews;
      assert.equal(times.offset, isFound ? 20 - ahead : null);
    }
    assert.ok(times.differ);
  });
}

Deno.test("the first picture shows that the clocks agree", () => {
  const times = new CaptureTimes();
  take(times, 1, () => 20);
  assert.equal(times.offset, 0);
});

Deno.test("after reconnecting to a program whose clock is behind, times do not jump back", () => {
  for (const { age } of take(new CaptureTimes(), 300, () => 20, -3_000)) assert.equal(age, 0);
});

Deno.test("a link that is slow at first is no sign of a wrong clock", () => {
  const times = new CaptureTimes();
  const slow = take(times, 500, (i) => Math.max(20, 4_000 - i * 10));
  assert.ok(slow.every(({ isNews, age }) => !isNews && age >= 0));
  assert.equal(times.offset, 0);
  assert.ok(slow.slice(420).every(({ age }) => age === 20));
});

Deno.test("a burst after an outage at the start is no sign of a wrong clock", () => {
  const times = new CaptureTimes();
  take(times, 5, () => 1_100);
  // Six seconds of frames that arrive at one time.
  const burst = take(times, 180, (i) => 8_000 - i * FRAME_MS, 0, NOW + 5 * FRAME_MS);
  assert.ok(burst.every(({ isNews }) => !isNews));
});

Deno.test("a link that is jammed for ten seconds is no sign of a wrong clock", () => {
  const times = new CaptureTimes();
  take(times, 300, () => 20);
  const jammed = take(times, 300, () => 2_000, 0, NOW + 300 * FRAME_MS);
  assert.ok(jammed.every(({ isNews }) => !isNews));
  assert.ok(jammed.slice(100).every(({ age }) => age === 2_000));
});

Deno.test("a clock that was behind and is set right counts as right", () => {
  const times = new CaptureTimes();
  take(times, 300, () => 20, -3_000);
  assert.ok(times.differ);
  const after = take(times, 100, () => 20, 0, NOW + 300 * FRAME_MS);
  assert.ok(!times.differ);
  assert.equal(times.offset, 0);
  assert.ok(after.every(({ age }) => age === 20));
});

Deno.test("a clock that is behind by about a second makes times jump once at most", () => {
  const times = new CaptureTimes();
  const frames = take(times, 6_000, (i) => 5 + (i % 40), -985);
  const jumps = frames.slice(1).filter(({ age }, i) => Math.abs(age - frames[i]!.age) > 500);
  assert.ok(jumps.length <= 1, `${jumps.length}`);
});

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
    difference: fc.oneof(
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.integer({ min: -100, max: 11_000 }),
    ),
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
