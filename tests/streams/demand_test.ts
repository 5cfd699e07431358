import assert from "node:assert/strict";
import fc from "fast-check";
import { Demand, MAX_PER_ORIGIN, nearestOf } from "../../src/streams/demand.ts";
import { FILTERS, Rendition, SCALES, SOURCE } from "../../src/media/rendition.ts";

const rendition = fc.record({
  quality: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant("source" as const)),
  scale: fc.constantFrom(...SCALES),
  filter: fc.constantFrom(...FILTERS),
}).map((fields) => Rendition.of(fields));

const wanted = (rendition: Rendition, weight: number, viewers = weight) => ({
  rendition,
  weight,
  viewers,
});

Deno.test("demand admits ten renditions of a frame for each address, each at half the weight, and any for the program", () => {
  const demand = new Demand();
  for (const sequence of [1, 2]) {
    demand.begin(sequence);
    for (const origin of ["a", "b"]) {
      const weights = Array.from({ length: 30 }, () => demand.admit(origin));
      const halves = Array.from({ length: MAX_PER_ORIGIN }, (_, i) => 2 ** -i);
      assert.deepEqual(weights.slice(0, MAX_PER_ORIGIN), halves);
      assert.ok(weights.slice(MAX_PER_ORIGIN).every((weight) => weight === null));
    }
    for (let i = 0; i < 30; i++) assert.equal(demand.admit(null), 0);
  }
});

Deno.test("demand puts what most want first, and of equals what more viewers want, then the cheapest", () => {
  const demand = new Demand();
  demand.begin(1);
  const low = wanted(SOURCE.with({ quality: 20 }), 1);
  const half = wanted(SOURCE.with({ quality: 50, scale: 0.5 }), 1);
  const medium = wanted(SOURCE.with({ quality: 50 }), 7);
  const sepia = wanted(SOURCE.with({ filter: "sepia" }), 1);
  const two = wanted(SOURCE.with({ filter: "soft" }), 1, 2);
  const { ordered, least } = demand.order([sepia, low, two, medium, half], 1);
  assert.deepEqual(ordered, [medium, two, half, low, sepia]);
  assert.equal(least, 1);
});

Deno.test("demand lets nothing starve, however little time there is for each frame", () => {
  const entry = fc.tuple(rendition, fc.integer({ min: 0, max: 400 }));
  const entries = fc.uniqueArray(entry, {
    minLength: 1,
    maxLength: 12,
    selector: ([rendition]) => rendition,
  }).map((all) => all.map(([rendition, viewers]) => wanted(rendition, viewers)));
  fc.assert(
    fc.property(entries, (entries) => {
      const demand = new Demand();
      const newest = new Map(entries.map(({ rendition }) => [rendition, 0]));
      for (let sequence = 1; sequence <= 1000; sequence++) {
        demand.begin(sequence);
        const { ordered, least } = demand.order(entries, sequence);
        assert.deepEqual(new Set(ordered), new Set(entries));
        for (const { rendition } of ordered.slice(0, least)) {
          demand.made(rendition, sequence);
          newest.set(rendition, sequence);
        }
        for (const made of newest.values()) {
          assert.ok(sequence - made <= 32 + entries.length, `${sequence - made} frames without it`);
        }
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("nearest rendition has the same filter or none, and is no finer where there is such a one", () => {
  fc.assert(fc.property(rendition, fc.array(rendition, { maxLength: 10 }), (wanted, made) => {
    const nearest = nearestOf(wanted, made);
    const same = made.filter(({ filter }) => filter === wanted.filter);
    const plain = made.filter(({ filter }) => filter === "none");
    if (same.length === 0 && plain.length === 0) return assert.equal(nearest, null);
    const eligible = same.length > 0 ? same : plain;
    assert.ok(eligible.includes(nearest!));
    if (same.includes(wanted)) assert.equal(nearest, wanted);
    const size = ({ quality, scale }: Rendition) =>
      (quality === "source" ? 101 : quality) + 1000 * scale;
    const coarser = eligible.filter((one) => size(one) <= size(wanted));
    const expected = coarser.length > 0
      ? Math.max(...coarser.map(size))
      : Math.min(...eligible.map(size));
    assert.equal(size(nearest!), expected);
  }));
});

Deno.test("nearest rendition is of a smaller size rather than a larger one", () => {
  const small = SOURCE.with({ quality: 1, scale: 0.125 });
  const large = SOURCE.with({ quality: 1 });
  for (const scale of [0.5, 0.25] as const) {
    assert.equal(nearestOf(SOURCE.with({ scale }), [large, small]), small);
  }
});
