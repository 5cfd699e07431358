import assert from "node:assert/strict";
import fc from "fast-check";
import { PublishTimes } from "../../../src/consumers/publisher/times.ts";
import { AAC_DURATION } from "../../../src/streams/aac.ts";

const START = Date.UTC(2026, 10, 27);

Deno.test("timestamps begin at 0, and each is later than the one before", () => {
  const jitter = fc.array(fc.double({ min: -900, max: 9_000, noNaN: true }));
  fc.assert(fc.property(jitter, (steps) => {
    const times = new PublishTimes(START);
    assert.equal(times.picture(START), 0);
    let [at, last] = [START, 0];
    for (const step of steps) {
      at += step;
      assert.equal(times.canFollow(at), true);
      const time = times.picture(at);
      assert.ok(Number.isInteger(time) && time > last);
      last = time;
    }
  }));
});

Deno.test("sound keeps its distance to the pictures", () => {
  const times = new PublishTimes(START);
  times.picture(START);
  assert.equal(times.sound(START - 10), null);
  const given = Array.from({ length: 4 }, (_, i) => times.sound(START + i * AAC_DURATION));
  assert.deepEqual(given, [0, 21, 43, 64]);
  assert.equal(times.sound(START + 60), null);
});

Deno.test("a clock that was set begins another connection", () => {
  const times = new PublishTimes(START);
  times.picture(START);
  assert.equal(times.canFollow(START + 3_600_000), false);
  assert.equal(times.canFollow(START - 3_600_000), false);
  assert.equal(times.sound(START + 3_600_000), null);
});

Deno.test("a connection ends before its timestamps need more than 31 bits", () => {
  const times = new PublishTimes(START);
  const hour = 3_600_000;
  let time = 0;
  // Steps as long as can follow.
  for (let at = START; times.canFollow(at); at += 10_000) time = times.picture(at);
  assert.ok(time < 2 ** 31 && time > 2 ** 31 - hour, `${time}`);
});
