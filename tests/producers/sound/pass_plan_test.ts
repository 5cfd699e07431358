import assert from "node:assert/strict";
import fc from "fast-check";
import { PassPlan } from "../../../src/producers/sound/pass_plan.ts";
import { PlaybackClock } from "../../../src/producers/sound/playback_clock.ts";

const LEAD_IN = 6.5;

function clockOf(begin: number, duration: number): PlaybackClock {
  const beginning = [{ index: 0, at: begin }, { index: 1, at: begin + duration }];
  return new PlaybackClock({ path: "clip.mp4", beginning }, { frames: [0], duration });
}

const moments = fc.record({
  duration: fc.double({ min: 600, max: 100_000, noNaN: true }),
  begin: fc.double({ min: 0, max: 10_000, noNaN: true }),
  after: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
});

Deno.test("pass plan begins with the sound of the moment that is shown", () => {
  fc.assert(fc.property(moments, ({ duration, begin, after }) => {
    const clock = clockOf(begin, duration);
    const plan = new PassPlan(clock, begin + after, LEAD_IN);
    const { loop, position } = clock.positionAt(begin + after + LEAD_IN);
    const expected = plan.position < 0 ? position - duration : position;
    assert.ok(Math.abs(plan.position - expected) < 0.001, `loop ${loop}`);
    assert.ok(plan.position >= -20 - LEAD_IN);
  }));
});

Deno.test("pass plan has whole packets, and leaves less than one of its loop", () => {
  fc.assert(fc.property(moments, ({ duration, begin, after }) => {
    const clock = clockOf(begin, duration);
    const plan = new PassPlan(clock, begin + after, LEAD_IN);
    const packets = (plan.end - plan.start) / 20;
    assert.ok(packets > 0.99 && Math.abs(packets - Math.round(packets)) < 0.001);
    const left = duration - (plan.position + plan.end - plan.start);
    assert.ok(left > -0.001 && left < 20.001, `${left}`);
  }));
});

Deno.test("pass plan of the next loop begins where the last one ends, before the loop does", () => {
  fc.assert(fc.property(moments, ({ duration, begin, after }) => {
    const clock = clockOf(begin, duration);
    const first = new PassPlan(clock, begin + after, LEAD_IN);
    const { position } = new PassPlan(clock, first.end, LEAD_IN);
    assert.ok(position <= 0.001 && position > -20.001, `${position}`);
  }));
});

Deno.test("pass plan dates packets by their place in the stream, without the encoder's delay", () => {
  const plan = new PassPlan(clockOf(1_000, 10_000), 3_000, LEAD_IN);
  const head = { channels: 2, preSkip: 312 } as const;
  const packet = { data: new Uint8Array(), samples: 960, head };
  assert.equal(plan.position, 2_006.5);
  assert.equal(plan.timeOf({ ...packet, granule: 960 }), 3_000);
  assert.equal(plan.timeOf({ ...packet, granule: 9_600 }), 3_180);
  // An encoder that delays less: its first packet has later sound.
  const quick = { ...packet, head: { ...head, preSkip: 120 } };
  assert.equal(plan.timeOf({ ...quick, granule: 960 }), 3_004);
});
