import assert from "node:assert/strict";
import { PaintedReporter } from "../../static/js/painted_reporter.js";
import { FakeTime } from "../support/fake_time.ts";

function setUp(time: FakeTime) {
  const sent: unknown[] = [];
  let now = 0;
  const reporter = new PaintedReporter({
    send: (message) => sent.push({ ...message, now }),
    clock: { monotonic: () => now },
  });
  return {
    reporter,
    sent,
    /** Lets time pass a millisecond at a time, so that both clocks agree. */
    wait(ms: number) {
      for (let i = 0; i < ms; i++) {
        now++;
        time.tick(1);
      }
    },
  };
}

Deno.test("painted reporter acknowledges the first frame at once, then the newest every 100 ms", () => {
  using time = new FakeTime();
  const { reporter, sent, wait } = setUp(time);
  for (let sequence = 1; sequence <= 10; sequence++) {
    reporter.painted("a", sequence);
    wait(33);
  }
  assert.deepEqual(sent, [
    { type: "painted", stream: "a", sequence: 1, ago: 0, now: 0 },
    { type: "painted", stream: "a", sequence: 4, ago: 1, now: 100 },
    { type: "painted", stream: "a", sequence: 7, ago: 2, now: 200 },
    { type: "painted", stream: "a", sequence: 10, ago: 3, now: 300 },
  ]);
});

Deno.test("painted reporter sends nothing while no new frame is painted", () => {
  using time = new FakeTime();
  const { reporter, sent, wait } = setUp(time);
  reporter.painted("a", 1);
  wait(1000);
  assert.equal(sent.length, 1);
  reporter.painted("a", 2);
  assert.equal(sent.length, 2, "and the next one at once");
});

Deno.test("painted reporter, stopped, drops what it has not sent", () => {
  using time = new FakeTime();
  const { reporter, sent, wait } = setUp(time);
  reporter.painted("a", 1);
  reporter.painted("a", 2);
  reporter.stop();
  wait(1000);
  reporter.painted("b", 1);
  assert.deepEqual(
    sent.map((message) => (message as { stream: string }).stream),
    ["a", "b"],
  );
});

Deno.test("painted reporter acknowledges received frames, too", () => {
  using time = new FakeTime();
  const { reporter, sent } = setUp(time);
  reporter.painted("a", 5, { sequence: 8, at: performance.timeOrigin - 12 });
  assert.deepEqual(sent, [
    {
      type: "painted",
      stream: "a",
      sequence: 5,
      ago: 0,
      arrived: { sequence: 8, ago: 12 },
      now: 0,
    },
  ]);
});
