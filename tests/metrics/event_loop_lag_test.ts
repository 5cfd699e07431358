import assert from "node:assert/strict";
import { EventLoopLag } from "../../src/metrics/event_loop_lag.ts";
import { FakeTime } from "../support/fake_time.ts";

/** An event loop that is held up by so many milliseconds beyond what timers know of. */
function setUp(time: FakeTime) {
  let heldUp = 0;
  const lags: number[] = [], slow: number[] = [];
  const lag = new EventLoopLag({
    onLag: (milliseconds) => void lags.push(milliseconds),
    log: { warn: (text) => void slow.push(Number(/(\d+) ms late$/.exec(text)![1])) },
    clock: { monotonic: () => time.now + heldUp },
  });
  lag.start();
  const pass = (seconds: number, eachHeldUpBy: number) => {
    for (let i = 0; i < seconds; i++) {
      heldUp += eachHeldUpBy;
      time.tick(1000);
    }
  };
  return { lag, lags, slow, pass };
}

Deno.test("event-loop lag is 0 while timers come in time", () => {
  using time = new FakeTime();
  const { lag, lags, slow } = setUp(time);
  time.tick(1000);
  assert.deepEqual(lags, Array(10).fill(0));
  lag.stop();
  time.tick(60_000);
  assert.deepEqual([lags.length, slow], [10, []]);
});

Deno.test("event-loop lag is how late a timer was", () => {
  using time = new FakeTime();
  const { lag, lags, pass } = setUp(time);
  pass(2, 300);
  assert.deepEqual(lags.filter((one) => one > 0), [300, 300]);
  lag.stop();
});

Deno.test("event-loop lag reports a slow machine after five seconds, and once in ten minutes", () => {
  using time = new FakeTime();
  const { lag, slow, pass } = setUp(time);
  pass(4, 300);
  assert.deepEqual(slow, []);
  pass(60, 300);
  assert.deepEqual(slow, [300]);
  pass(600, 300);
  assert.equal(slow.length, 2);
  lag.stop();
});

Deno.test("event-loop lag ignores hiccups, and a machine that slept", () => {
  using time = new FakeTime();
  const { lag, slow, pass } = setUp(time);
  for (let i = 0; i < 20; i++) {
    pass(3, 900);
    pass(2, 0);
  }
  pass(20, 3_600_000);
  pass(20, 200);
  assert.deepEqual(slow, []);
  lag.stop();
});

Deno.test("event-loop lag sees a loop that is really held up", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const lag = new EventLoopLag({
    onLag: (milliseconds) => milliseconds > 100 && resolve(milliseconds),
    log: { warn() {} },
  });
  lag.start();
  const until = performance.now() + 250;
  while (performance.now() < until);
  assert((await promise) >= 140);
  lag.stop();
});
