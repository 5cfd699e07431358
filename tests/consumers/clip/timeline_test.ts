import assert from "node:assert/strict";
import fc from "fast-check";
import { lapseOf, timelineOf } from "../../../src/consumers/clip/timeline.ts";
import type { SoundPacket } from "../../../src/media/packet.ts";

const BEGIN = 1_700_000_000_000;

/** Frames by the time from each to the next: mostly that of a camera, sometimes a gap. */
const frames = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 200, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: 200, max: 20_000, noNaN: true }) },
  ),
  { minLength: 1, maxLength: 60 },
).map((steps) => {
  let at = BEGIN;
  return steps.map((step, index) => ({ index, at: at += step }));
});

function packetAt(at: number, sequence: number): SoundPacket {
  const data = Uint8Array.of(0xf8, 1, 2);
  return { track: "sound", sequence, at, data, isKey: true, duration: 20 };
}

const sound = fc.array(fc.constantFrom(20, 20, 20, 21, 400, 9_000), { maxLength: 100 })
  .map((steps) => {
    let at = BEGIN;
    return steps.map((step, i) => packetAt(at += step, i));
  });

const spans = fc.tuple(
  fc.integer({ min: -1_000, max: 10_000 }),
  fc.integer({ min: 1, max: 30_000 }),
).map(([from, length]) => ({ from: BEGIN + from, to: BEGIN + from + length }));

Deno.test("timeline has whole, rising times, begins at 0, and is no longer than what was asked for", () => {
  fc.assert(fc.property(frames, sound, spans, (frames, sound, { from, to }) => {
    const timeline = timelineOf({ frames, sound }, from, to);
    if (timeline === null) return;
    assert.equal(timeline.frames[0].time, 0);
    timeline.frames.forEach(({ time }, i) => {
      assert(Number.isInteger(time));
      if (i > 0) assert(time > timeline.frames[i - 1].time);
    });
    assert(Number.isInteger(timeline.duration));
    assert(timeline.duration > timeline.frames.at(-1)!.time);
    // Frames of one millisecond are shown for one each.
    assert(timeline.duration <= to - from + timeline.frames.length + 1_000);
  }));
});

Deno.test("timeline's sound has no holes, and lasts as long as its picture", () => {
  fc.assert(fc.property(frames, sound, spans, (frames, sound, { from, to }) => {
    const timeline = timelineOf({ frames, sound }, from, to);
    if (timeline === null || timeline.sound.length === 0) return;
    let end = 0;
    for (const { time } of timeline.sound) {
      assert(time >= end && time - end < 20, `${time} after ${end}`);
      end = time + 20;
    }
    assert(Math.abs(end - timeline.duration) <= 20, `${end}, not ${timeline.duration}`);
  }));
});

Deno.test("timeline of a steady camera has its frames at their distances, the one before first", () => {
  const frames = Array.from({ length: 100 }, (_, index) => ({ index, at: BEGIN + 40 * index }));
  const timeline = timelineOf({ frames, sound: [] }, BEGIN + 1_010, BEGIN + 2_010);
  assert.equal(timeline?.duration, 1_000);
  assert.deepEqual(
    timeline.frames.map(({ frame }) => frame.index),
    Array.from({ length: 26 }, (_, i) => 25 + i),
  );
  assert.deepEqual(timeline.frames.slice(0, 3).map(({ time }) => time), [0, 30, 70]);
});

Deno.test("timeline cuts out the time off air, with its sound", () => {
  const steady = (from: number, first: number) =>
    Array.from({ length: 25 }, (_, i) => ({ index: first + i, at: from + 40 * i }));
  const later = BEGIN + 60_000;
  const frames = [...steady(BEGIN, 0), ...steady(later, 25)];
  const sound = [packetAt(BEGIN + 20_000, 1), packetAt(later + 100, 2)];
  const timeline = timelineOf({ frames, sound }, BEGIN, later + 1_000)!;
  assert.equal(timeline.duration, 960 + 100 + 1_000);
  assert.equal(timeline.frames[25].time, 1_060);
  const heard = timeline.sound.filter(({ data }) => data === sound[1].data);
  assert.deepEqual(heard.map(({ time }) => time), [1_160]);
  assert(!timeline.sound.some(({ data }) => data === sound[0].data));
});

Deno.test("timeline of a time without frames is none", () => {
  assert.equal(timelineOf({ frames: [], sound: [packetAt(BEGIN, 1)] }, BEGIN, BEGIN + 100), null);
});

Deno.test("timelapse chooses frames evenly, 30 a second at most, from the first to the last", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 10, max: 120 }), (n, s) => {
      const frames = Array.from({ length: n }, (_, index) => ({ index, at: BEGIN + index * 1e4 }));
      const lapse = lapseOf(frames, s);
      assert.equal(lapse.duration, 1_000 * s);
      assert.equal(lapse.frames.length, Math.min(n, 30 * s));
      const chosen = lapse.frames.map(({ frame }) => frame.index);
      assert.equal(chosen[0], 0);
      if (n > 1) assert.equal(chosen.at(-1), n - 1);
      const steps = chosen.slice(1).map((index, i) => index - chosen[i]);
      if (steps.length > 0) assert(Math.max(...steps) - Math.min(...steps) <= 1);
      assert(lapse.frames.every(({ time }, i) => time > (lapse.frames[i - 1]?.time ?? -1)));
    }),
  );
});
