import assert from "node:assert/strict";
import fc from "fast-check";
import { GamingQuality } from "../../src/motion/gaming.ts";

const STILL = { intensity: 0.01, seconds: 0.1 };
const MOVING = { intensity: 0.011, seconds: 0.1 };

function after(...motions: { intensity: number; seconds: number }[]): GamingQuality {
  const gaming = new GamingQuality();
  for (const motion of motions) gaming.advance(motion);
  return gaming;
}

Deno.test("GamingQuality starts with the unchanged rendition", () => {
  assert.equal(new GamingQuality().quality, "source");
});

Deno.test("GamingQuality falls by 30 a second while the streamer is still", () => {
  assert.equal(Math.round(after(...Array(10).fill(STILL)).exact), 70);
});

Deno.test("GamingQuality rises by 150 a second, less the fall, while the streamer moves", () => {
  const gaming = after(...Array(30).fill(STILL), ...Array(5).fill(MOVING));
  assert.equal(Math.round(gaming.exact), 70);
});

Deno.test("GamingQuality changes in steps of ten, so that viewers share encodings", () => {
  assert.equal(after({ intensity: 0, seconds: 0.5 }).exact, 85);
  assert.equal(after({ intensity: 0, seconds: 0.6 }).quality, 80);
});

Deno.test("GamingQuality stays within 10 to 100", () => {
  const motion = fc.record({
    intensity: fc.double({ min: 0, max: 1, noNaN: true }),
    seconds: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(motion), (motions) => {
    const { exact, quality } = after(...motions);
    assert.ok(exact >= 10 && exact <= 100);
    assert.ok(quality === "source" || (quality >= 10 && quality <= 90 && quality % 10 === 0));
  }));
});
