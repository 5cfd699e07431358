import assert from "node:assert/strict";
import { EventLog } from "../../src/channel/event_log.ts";
import { MotionAlarm } from "../../src/channel/motion_alarm.ts";

/** An alarm in whose time a test decides. */
function setUp({ isHeard = true } = {}) {
  const state = { now: 0, isVisible: true, isWatched: false };
  const clock = { monotonic: () => state.now, wall: () => 1_000_000 + state.now };
  const events = new EventLog(clock);
  const heard: { at: number; type: string; seconds?: number }[] = [];
  if (isHeard) events.subscribe(({ id: _, ...event }) => heard.push(event));
  const alarm = new MotionAlarm({
    events,
    isVisible: () => state.isVisible,
    watch: (isWatched) => state.isWatched = isWatched,
    clock,
  });
  return {
    ...{ alarm, state, heard },
    passTo(now: number) {
      while (state.now < now) {
        state.now = Math.min(now, state.now + 250);
        alarm.tick();
      }
    },
    move: () => alarm.moved(clock.wall()),
  };
}

Deno.test("motion begins with its first frame, and ends 2.5 s after its last", () => {
  const { alarm, heard, passTo, move } = setUp();
  passTo(2_000);
  move();
  assert(alarm.isMoving);
  assert.deepEqual(heard, [{ at: 1_002_000, type: "motion-begin" }]);
  passTo(4_000);
  move();
  passTo(6_250);
  assert(alarm.isMoving);
  passTo(6_500);
  assert(!alarm.isMoving);
  assert.deepEqual(heard.slice(1), [{ at: 1_006_500, type: "motion-end", seconds: 2 }]);
});

Deno.test("motion is not watched while nobody listens", () => {
  const { state, passTo } = setUp({ isHeard: false });
  passTo(5_000);
  assert(!state.isWatched);
});

Deno.test("motion ends off air, and is watched a second after the picture returned", () => {
  const { alarm, state, heard, passTo, move } = setUp();
  passTo(2_000);
  assert(state.isWatched);
  move();
  state.isVisible = false;
  passTo(2_250);
  assert(!state.isWatched);
  move();
  assert(!alarm.isMoving);
  assert.deepEqual(heard.map(({ type }) => type), ["motion-begin", "motion-end"]);
  state.isVisible = true;
  passTo(3_250);
  assert(!state.isWatched);
  passTo(3_500);
  assert(state.isWatched);
});

Deno.test("motion that another source brings is none", () => {
  const { alarm, state, heard, passTo, move } = setUp();
  passTo(2_000);
  alarm.interrupt();
  move();
  passTo(2_500);
  move();
  assert.deepEqual(heard, []);
  passTo(3_500);
  assert(state.isWatched);
});
