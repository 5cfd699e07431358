import assert from "node:assert/strict";
import fc from "fast-check";
import { ProgramTimeline } from "../../../src/consumers/video/program_timeline.ts";

Deno.test("timeline begins at 0 with the first picture, and sound before it has no place", () => {
  const timeline = new ProgramTimeline();
  assert.equal(timeline.sound(1_000, 20), null);
  assert.equal(timeline.video(1_010), 0);
  assert.equal(timeline.sound(900, 20), null);
  assert.equal(timeline.sound(1_012, 20), 0);
  assert.equal(timeline.sound(1_032, 20), 20);
  assert.equal(timeline.video(1_043), 33);
});

Deno.test("timeline keeps sound contiguous through jitter, and jumps over what is missing", () => {
  const timeline = new ProgramTimeline();
  timeline.video(0);
  const jitter = [0, 5, -5, 30, -30, 0];
  const times = jitter.map((late, i) => timeline.sound(20 * i + late, 20));
  assert.deepEqual(times, [0, 20, 40, 60, 80, 100]);
  assert.equal(timeline.sound(620, 20), 620);
});

Deno.test("timeline drops sound that overlaps until it is in step again", () => {
  const timeline = new ProgramTimeline();
  timeline.video(0);
  for (let at = 0; at < 1_000; at += 20) timeline.sound(at, 20);
  const times = Array.from({ length: 8 }, (_, i) => timeline.sound(900 + 20 * i, 20));
  assert.deepEqual(times, [null, null, null, null, 1_000, 1_020, 1_040, 1_060]);
});

Deno.test("timeline goes on where it was when the clock is set", () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    const timeline = new ProgramTimeline();
    timeline.video(0);
    timeline.video(33);
    assert.equal(timeline.video(66 + jump), 73);
    assert.equal(timeline.video(99 + jump), 106);
    assert.equal(timeline.timeOf(99 + jump), 106);
    assert.equal(timeline.sound(99 + jump, 20), 106);
  }
});

Deno.test("timeline goes forward alone, whatever the times are", () => {
  const step = fc.record({
    isSound: fc.boolean(),
    step: fc.oneof(fc.integer({ min: -200, max: 500 }), fc.integer({ min: -1e7, max: 1e7 })),
  });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const timeline = new ProgramTimeline();
    let at = 1_000_000;
    let video = timeline.video(at), soundEnd = 0;
    for (const { isSound, step } of steps) {
      at += step;
      if (isSound) {
        const time = timeline.sound(at, 20);
        if (time === null) continue;
        assert(time >= soundEnd);
        soundEnd = time + 20;
      } else {
        const time = timeline.video(at);
        assert(time >= video + 1 && time <= video + 10_000);
        video = time;
      }
    }
  }));
});
