import assert from "node:assert/strict";
import fc from "fast-check";
import { lowerOf, shareOf } from "../../src/bandwidth/controller.ts";

const FULL = 20_000_000;

Deno.test("shareOf gives 100/N when the uplink is worth one full stream", () => {
  const shares = [1, 2, 3, 4, 10, 100].map((viewers) => shareOf(FULL, viewers, FULL));
  assert.deepEqual(shares, ["source", 50, 33, 25, 10, 1]);
});

Deno.test("shareOf gives everyone the source without a limit, or before the source is known", () => {
  assert.equal(shareOf(null, 400, FULL), "source");
  assert.equal(shareOf(1000, 400, 0), "source");
});

Deno.test("shareOf never exceeds the uplink in proportion, and never rises with more viewers", () => {
  const bits = fc.integer({ min: 1_000_000, max: 1_000_000_000 });
  fc.assert(fc.property(bits, bits, fc.integer({ min: 1, max: 5000 }), (uplink, full, viewers) => {
    const value = (n: number) => {
      const share = shareOf(uplink, n, full);
      return share === "source" ? 100 : share;
    };
    assert.ok(value(viewers) >= 1 && value(viewers) <= 100);
    assert.ok(value(viewers + 1) <= value(viewers));
    if (value(viewers) > 1) assert.ok(value(viewers) / 100 * full * viewers <= uplink * 1.0000001);
  }));
});

Deno.test("lowerOf takes the source for the best", () => {
  assert.equal(lowerOf("source", "source"), "source");
  assert.equal(lowerOf("source", 90), 90);
  assert.equal(lowerOf(20, "source"), 20);
  assert.equal(lowerOf(20, 50), 20);
});
