import assert from "node:assert/strict";
import { Repetition } from "../../../static/js/video/repetition.js";

Deno.test("repetition is what happens eight times within 20 s", () => {
  let now = 0;
  const repetition = new Repetition({ monotonic: () => now });
  const times = (count: number, every: number) =>
    Array.from({ length: count }, () => {
      now += every;
      return repetition.again();
    });
  assert.deepEqual(times(30, 3000).filter(Boolean), []);
  now += 20_000;
  assert.deepEqual(times(8, 2500), Array.from({ length: 8 }, (_, i) => i === 7));
  now += 20_000;
  assert.deepEqual(times(7, 1).filter(Boolean), []);
});
