import assert from "node:assert/strict";
import fc from "fast-check";
import { placeOf, rangeOf, timeAt } from "../../../static/js/rewind/time_range.js";

Deno.test("range begins with what is kept, and no further back than promised", () => {
  assert.deepEqual(rangeOf({ since: 90_000, seconds: 60 }, 100_000), { from: 90_000, to: 100_000 });
  assert.deepEqual(rangeOf({ since: 1_000, seconds: 60 }, 100_000), { from: 40_000, to: 100_000 });
  // The clock of the page may be late.
  assert.deepEqual(rangeOf({ since: 101_000, seconds: 60 }, 100_000), {
    from: 100_000,
    to: 100_000,
  });
});

Deno.test("places and times of a range are each other's inverse, and never outside", () => {
  const time = fc.integer({ min: 0, max: 2e12 });
  fc.assert(fc.property(time, fc.integer({ min: 1, max: 1e7 }), time, (from, length, at) => {
    const range = { from, to: from + length };
    const place = placeOf(range, at);
    assert.ok(place >= 0 && place <= 1);
    const inside = Math.max(range.from, Math.min(range.to, at));
    assert.ok(Math.abs(timeAt(range, place) - inside) < 0.01);
  }));
  assert.equal(placeOf({ from: 5, to: 5 }, 5), 1);
});
