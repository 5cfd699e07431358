import assert from "node:assert/strict";
import fc from "fast-check";
import { runsOf } from "../../../static/js/studio/plot.js";
import { roundUp, Samples } from "../../../static/js/studio/samples.js";

Deno.test("samples older than the span are dropped, and no longer count as the highest", () => {
  const samples = new Samples(1000);
  samples.add(0, 90);
  samples.add(600, 10);
  assert.equal(samples.highest, 90);
  samples.add(1001, null);
  assert.deepEqual(samples.all, [{ at: 600, value: 10 }, { at: 1001, value: null }]);
  assert.equal(samples.highest, 10);
});

Deno.test("an axis ends at the next round number, at most two and a half times as high", () => {
  const steps = fc.constantFrom([1, 2, 5], [1, 2, 4, 6, 8]);
  const values = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  fc.assert(fc.property(values, steps, (value, steps) => {
    const top = roundUp(value, steps);
    assert(top >= value * (1 - 1e-8) && top < value * 2.51, `${value} → ${top}`);
    assert(Math.abs(roundUp(top, steps) / top - 1) < 1e-9, `${top} is round`);
  }));
  assert.deepEqual([3, 5, 10, 11].map((count) => roundUp(count, [1, 2, 4, 6, 8])), [4, 6, 10, 20]);
});

Deno.test("a plot's line breaks at unknown values and at gaps", () => {
  const sample = (at: number, value: number | null) => ({ at, value });
  const runs = runsOf([
    sample(0, 1),
    sample(1000, 0),
    sample(2000, null),
    sample(3000, 2),
    sample(60_000, 3),
    sample(61_000, 4),
    sample(62_000, null),
  ]);
  assert.deepEqual(runs.map((run) => run.map(({ value }) => value)), [[1, 0], [2], [3, 4]]);
  assert.deepEqual(runsOf([]), []);
});
