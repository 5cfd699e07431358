import assert from "node:assert/strict";
import fc from "fast-check";
import { TIMESCALE } from "../../../static/js/video/fmp4.js";
import { Timeline } from "../../../static/js/video/timeline.js";

Deno.test("the timeline has no holes, whenever frames were captured", () => {
  const at = fc.option(fc.double({ min: 0, max: 1e13, noNaN: true }));
  fc.assert(fc.property(fc.array(at), (times) => {
    const timeline = new Timeline();
    let end = 0;
    for (const at of times) {
      const { time, duration } = timeline.next(at);
      assert.equal(time, end);
      assert(Number.isSafeInteger(duration) && duration > 0 && duration <= TIMESCALE);
      end = time + duration;
    }
  }));
});

Deno.test("durations follow the rate at which frames are captured", () => {
  const timeline = new Timeline();
  let duration = 0;
  for (let i = 0; i < 100; i++) ({ duration } = timeline.next(i * 100));
  assert(Math.abs(duration - TIMESCALE / 10) < TIMESCALE / 1000, `${duration}`);
});

Deno.test("a pause that was interrupted is no interval", () => {
  const timeline = new Timeline();
  for (let i = 0; i < 10; i++) timeline.next(i * 100 / 3);
  timeline.interrupt();
  const { duration } = timeline.next(9000);
  assert(Math.abs(duration - TIMESCALE / 30) <= 1, `${duration}`);
});
