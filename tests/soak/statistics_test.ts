import assert from "node:assert/strict";
import { median, quantile, slope } from "./statistics.ts";

Deno.test("median and quantiles sort their values", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(quantile([4, 3, 2, 1, 0, 5, 6, 7, 8, 9], 0.9), 9);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("slope follows most points despite outliers", () => {
  const leaking = Array.from(
    { length: 30 },
    (_, x) => [x, 2 * x + (x % 7 === 0 ? 50 : 0)] as const,
  );
  assert.ok(Math.abs(slope(leaking) - 2) < 0.2, `${slope(leaking)}`);
  const flat = Array.from({ length: 30 }, (_, x) => [x, x % 10 === 9 ? 40 : 100] as const);
  assert.equal(slope(flat), 0);
});
