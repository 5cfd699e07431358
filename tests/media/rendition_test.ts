import assert from "node:assert/strict";
import fc from "fast-check";
import { FILTERS, Rendition, SCALES, SOURCE } from "../../src/media/rendition.ts";

const fields = fc.record({
  codec: fc.constantFrom("jpeg" as const, "h264" as const),
  quality: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant("source" as const)),
  scale: fc.constantFrom(...SCALES),
  filter: fc.constantFrom(...FILTERS),
}, { noNullPrototype: true });

Deno.test("Rendition.of returns the same object for the same fields only", () => {
  fc.assert(fc.property(fields, fields, (one, other) => {
    const isEqual = one.quality === other.quality && one.scale === other.scale &&
      one.filter === other.filter && one.codec === other.codec;
    assert.equal(Rendition.of(one) === Rendition.of(other), isEqual);
    assert.deepEqual({ ...Rendition.of(one) }, one);
  }));
});

Deno.test("Rendition.with changes the given fields and keeps the others", () => {
  const half = SOURCE.with({ quality: 50, scale: 0.5 });
  assert.equal(half, Rendition.of({ quality: 50, scale: 0.5, filter: "none" }));
  assert.equal(half.with({ quality: "source", scale: 1 }), SOURCE);
});

Deno.test("Rendition.of finds the rendition that was sent to a worker", () => {
  const half = SOURCE.with({ scale: 0.5 });
  assert.equal(Rendition.of(structuredClone(half)), half);
});
