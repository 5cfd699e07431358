import assert from "node:assert/strict";
import fc from "fast-check";
import { fittingScale } from "../../src/streams/fitting_scale.ts";
import { SCALES } from "../../src/media/rendition.ts";

const HD = { width: 1280, height: 720 };

Deno.test("the size is the nearest that is not larger than what is asked for", () => {
  for (
    const [limit, scale] of [
      [{}, 1],
      [{ width: 1280 }, 1],
      [{ width: 5000, height: 5000 }, 1],
      [{ width: 1279 }, 0.5],
      [{ width: 640 }, 0.5],
      [{ width: 639 }, 0.25],
      [{ width: 320, height: 180 }, 0.25],
      [{ width: 640, height: 179 }, 0.125],
      [{ height: 360 }, 0.5],
      [{ width: 1 }, 0.125],
      [{ scale: 1 }, 1],
      [{ scale: 0.99 }, 0.5],
      [{ scale: 0.5 }, 0.5],
      [{ scale: 0.3 }, 0.25],
      [{ scale: 0.01 }, 0.125],
      [{ scale: 0.5, width: 320 }, 0.25],
      [{ scale: 0.25, width: 1280 }, 0.25],
    ] as const
  ) {
    assert.equal(fittingScale(HD, limit), scale, JSON.stringify(limit));
  }
  assert.equal(fittingScale(null, { width: 10, scale: 0.5 }), 0.5, "before the first frame");
  // Halves are rounded up.
  assert.equal(fittingScale({ width: 333, height: 101 }, { width: 166 }), 0.25);
  assert.equal(fittingScale({ width: 333, height: 101 }, { width: 167 }), 0.5);
});

Deno.test("no larger size would do, unless the smallest is too large", () => {
  const side = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(side, side, side, side, (width, height, most, highest) => {
      const size = { width, height };
      const scale = fittingScale(size, { width: most, height: highest });
      const fits = (one: number) =>
        Math.ceil(width * one) <= most && Math.ceil(height * one) <= highest;
      assert(fits(scale) || scale === 0.125);
      for (const larger of SCALES.filter((other) => other > scale)) assert(!fits(larger));
    }),
  );
});
