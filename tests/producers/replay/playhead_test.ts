import assert from "node:assert/strict";
import fc from "fast-check";
import { GAP_MS, Playhead, type PlayheadStart } from "../../../src/producers/replay/playhead.ts";
import { FakePast } from "../../support/fake_past.ts";

/** The longest wait for a frame that does not exist yet. Milliseconds. */
const LOOK_MS = 15;

/** What is shown, and since when. Milliseconds. */
interface Shown {
  readonly now: number;
  readonly at: number;
}

/** A playhead whose time the test sets. */
class Stage {
  now = 0;
  readonly head: Playhead;

  constructor(readonly past: FakePast, start: PlayheadStart) {
    this.head = new Playhead(past, start, 0);
  }

  /** Runs it for so long, waking when it asks for it; `late` says how much later it wakes. */
  run(milliseconds: number, late: () => number = () => 0, step?: (now: number) => void): Shown[] {
    const shown: Shown[] = [];
    for (const end = this.now + milliseconds; this.now < end;) {
      step?.(this.now);
      const frame = this.head.due(this.now);
      if (frame) shown.push({ now: this.now, at: frame.at });
      this.now = Math.min(end, this.now + Math.max(1, this.head.wait(this.now)) + late());
    }
    return shown;
  }
}

/** Times of frames, 40 ms apart. */
const times = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + i * 40);

Deno.test("playhead shows each frame when its time comes", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1200 });
  const shown = stage.run(200);
  assert.deepEqual(shown, [0, 40, 80, 120, 160].map((now) => ({ now, at: 1200 + now })));
});

Deno.test("playhead begins with the frame before a moment between two", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1219 });
  assert.deepEqual(stage.run(41).map(({ at }) => at), [1200, 1240]);
});

for (const speed of [0.25, 0.5] as const) {
  Deno.test(`playhead shows every frame ${1 / speed} times as long at speed ${speed}`, () => {
    const stage = new Stage(new FakePast(times(1000, 100)), { at: 1000, speed });
    const shown = stage.run(400);
    assert.deepEqual(shown.map(({ now }) => now), shown.map((_, i) => i * 40 / speed));
    assert.deepEqual(shown.map(({ at }) => at), shown.map((_, i) => 1000 + i * 40));
  });
}

Deno.test("playhead stands still while paused, and steps both ways", () => {
  const stage = new Stage(new FakePast(times(1000, 10)), { at: 1080, speed: 0 });
  assert.deepEqual(stage.run(1000).map(({ at }) => at), [1080]);
  assert.equal(stage.head.wait(stage.now), Infinity);
  for (const [direction, at] of [[1, 1120], [-1, 1080], [-1, 1040]] as const) {
    stage.head.step(direction, stage.now);
    assert.equal(stage.head.due(stage.now)?.at, at);
  }
  stage.head.seek(1000, stage.now);
  stage.head.due(stage.now);
  stage.head.step(-1, stage.now);
  assert.equal(stage.head.due(stage.now), null);
});

Deno.test("playhead pauses when it steps, and goes on from there", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1000 });
  stage.run(100);
  stage.head.step(1, stage.now);
  assert.deepEqual(stage.run(500).map(({ at }) => at), [1120]);
  stage.head.play(1, stage.now);
  assert.deepEqual(stage.run(81).map(({ at }) => at), [1160, 1200]);
});

Deno.test("playhead shows the last of several jumps at once", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1000 });
  stage.run(100);
  for (const at of [1500, 3000, 2000]) stage.head.seek(at, stage.now);
  assert.equal(stage.head.wait(stage.now), 0);
  assert.equal(stage.head.due(stage.now)?.at, 2000);
});

Deno.test("playhead leaves out frames when it wakes late, and is not late afterwards", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1000 });
  let wakes = 0;
  const shown = stage.run(600, () => wakes++ === 2 ? 250 : 0);
  assert.deepEqual(shown.slice(0, 5).map(({ at }) => at), [1000, 1040, 1080, 1360, 1400]);
  assert(shown.slice(4).every(({ now, at }) => at - 1000 === now));
});

Deno.test("playhead goes on at once behind a time of which nothing was kept", () => {
  const past = new FakePast([...times(1000, 3), ...times(600_000, 3)]);
  const shown = new Stage(past, { at: 1000 }).run(300);
  assert.deepEqual(shown.map(({ at }) => at), [1000, 1040, 1080, 600_000, 600_040, 600_080]);
  assert(shown.at(-1)!.now < 250);
});

Deno.test("playhead waits through such a time if it is to stay as far behind", () => {
  const past = new FakePast([...times(1000, 3), ...times(4000, 3)]);
  const shown = new Stage(past, { at: 900, delay: 100 }).run(3300);
  // The oldest frame is shown before its time, because there is none for that.
  assert.deepEqual(shown.map(({ now, at }) => at === 1000 ? 100 : now + 900 - at), [
    100,
    ...Array(5).fill(0),
  ]);
});

for (const step of [-3_600_000, -1500, 70_000, 3_600_000]) {
  Deno.test(`playhead stays as far behind when the clock is set by ${step} ms`, () => {
    const past = new FakePast(times(-40_000, 1000));
    const stage = new Stage(past, { at: -30_000, delay: 30_000 });
    let wall = 0, last = -40;
    const live = (now: number) => {
      if (now >= 10_000 && wall === 0) {
        wall = step;
        // As the ring does: it forgets what is newer than the time, or too old.
        past.forget(Infinity);
      }
      for (; last + 40 <= now; last += 40) past.add(last + 40 + wall);
    };
    const shown = stage.run(60_000, undefined, live);
    const after = shown.filter(({ now }) => now > 10_100);
    assert(after.length > 400, `${after.length}`);
    for (const { now, at } of after) {
      const behind = now + step - at;
      assert(behind >= 29_900 && behind <= 30_100, `${behind} ms behind at ${now}`);
    }
  });
}

Deno.test("playhead goes on at the oldest frame if less is kept than it is to stay behind", () => {
  const past = new FakePast(times(-10_000, 250));
  const stage = new Stage(past, { at: -8000, delay: 8000 });
  let last = -40;
  const shown = stage.run(20_000, undefined, (now) => {
    for (; last + 40 <= now; last += 40) past.add(last + 40);
    past.forget(now - Math.max(4000, 10_000 - now));
  });
  const end = shown.filter(({ now }) => now > 10_000);
  assert(end.length > 200, `${end.length}`);
  assert(end.every(({ now, at }) => now - at > 3800 && now - at < 4100));
});

Deno.test("playhead goes on at the oldest frame if its own was forgotten", () => {
  const stage = new Stage(new FakePast(times(1000, 100)), { at: 1000, speed: 0 });
  stage.run(100);
  stage.past.forget(3000);
  stage.head.play(1, stage.now);
  assert.deepEqual(stage.run(80).map(({ at }) => at), [3000, 3040]);
});

Deno.test("playhead at the slowest stays within what is kept", () => {
  const stage = new Stage(new FakePast(times(0, 500)), { at: 0, speed: 0.25 });
  const shown = stage.run(10_000, undefined, (now) => stage.past.forget(now));
  assert(shown.every(({ now, at }) => at >= now - 40));
  assert(shown.length > 50);
});

Deno.test("playhead that has caught up shows each new frame when it comes", () => {
  const past = new FakePast(times(0, 3));
  const stage = new Stage(past, { at: 0 });
  const shown = stage.run(2500, undefined, (now) => {
    while (past.span!.to + 40 <= now - 20) past.add(past.span!.to + 40);
  });
  const steady = shown.slice(20);
  assert(steady.length > 20);
  assert(steady.every(({ now, at }) => now - at < 20 + 40 + LOOK_MS + 1));
  assert(steady.every(({ at }, i) => i === 0 || at - steady[i - 1].at === 40), "none left out");
});

Deno.test("playhead waits for the first frame where nothing is kept", () => {
  const past = new FakePast();
  const stage = new Stage(past, { at: 5000 });
  assert.deepEqual(stage.run(100), []);
  past.add(90_000);
  assert.deepEqual(stage.run(20).map(({ at }) => at), [90_000]);
});

Deno.test("playhead shows kept frames, forwards, at its speed, whatever happens", () => {
  const changes = fc.oneof(
    fc.record({ seek: fc.integer({ min: -1000, max: 20_000 }) }),
    fc.record({ speed: fc.constantFrom(0, 0.25, 0.5, 1) }),
    fc.record({ step: fc.constantFrom(1, -1) }),
    fc.record({ forget: fc.integer({ min: 0, max: 12_000 }) }),
    fc.record({ wait: fc.integer({ min: 0, max: 3000 }) }),
  );
  fc.assert(fc.property(
    fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 100 }) },
        { weight: 1, arbitrary: fc.integer({ min: GAP_MS + 1, max: 60_000 }) },
      ),
      { minLength: 1, maxLength: 200 },
    ),
    fc.array(changes, { maxLength: 20 }),
    fc.nat(20_000),
    (intervals, changes, at) => {
      let time = 0;
      const frames = intervals.map((interval) => time += interval);
      const past = new FakePast(frames);
      const stage = new Stage(past, { at });
      for (const change of changes as Record<string, number>[]) {
        const { seek, speed, step, forget, wait } = change;
        if (seek !== undefined) stage.head.seek(seek, stage.now);
        if (speed !== undefined) stage.head.play(speed as 0 | 0.25 | 0.5 | 1, stage.now);
        if (step !== undefined) stage.head.step(step as 1 | -1, stage.now);
        if (forget !== undefined) past.forget(forget);
        const { span } = past;
        stage.head.due(stage.now);
        const shown = stage.run(wait ?? 0);
        if (shown.length > 0) assert(shown.every(({ at }) => at >= span!.from && at <= span!.to));
        for (let i = 1; i < shown.length; i++) {
          const [before, after] = [shown[i - 1], shown[i]];
          const passed = after.at - before.at;
          assert(passed >= 0);
          // Never ahead of its time, but for a gap, which is skipped.
          if (passed <= GAP_MS) assert(passed <= (after.now - before.now) * stage.head.speed + 101);
        }
      }
    },
  ));
});
