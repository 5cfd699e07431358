import assert from "node:assert/strict";
import fc from "fast-check";
import { maxMinShares, type Sharer } from "../../src/audience/fairness.ts";

const sharer = fc.record({
  demand: fc.integer({ min: 1, max: 1_000_000 }),
  weight: fc.constantFrom(1, 2),
});
const sharers = fc.array(sharer, { minLength: 1, maxLength: 40 });
const capacity = fc.integer({ min: 1, max: 10_000_000 });

/** What everyone takes: no more than they need, no more than they may. */
function taken(capacity: number, all: readonly Sharer[]): number[] {
  return maxMinShares(capacity, all).map((share, i) => Math.min(share, all[i].demand));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

Deno.test("maxMinShares gives those who need the same the same", () => {
  const full = Array.from({ length: 4 }, () => ({ demand: 20e6, weight: 1 }));
  assert.deepEqual(maxMinShares(20e6, full), [5e6, 5e6, 5e6, 5e6]);
});

Deno.test("maxMinShares leaves to others what one does not need", () => {
  const all = [{ demand: 1e6, weight: 1 }, { demand: 20e6, weight: 1 }, { demand: 6e6, weight: 1 }];
  assert.deepEqual(taken(10e6, all), [1e6, 4.5e6, 4.5e6]);
});

Deno.test("maxMinShares counts a weight of two double", () => {
  const all = [{ demand: 20e6, weight: 2 }, { demand: 20e6, weight: 1 }];
  assert.deepEqual(maxMinShares(9e6, all), [6e6, 3e6]);
});

Deno.test("maxMinShares lets a viewer alone have all, whatever they need now", () => {
  assert.deepEqual(maxMinShares(10e6, [{ demand: 1e6, weight: 1 }]), [10e6]);
});

Deno.test("maxMinShares shares among nobody", () => {
  assert.deepEqual(maxMinShares(10e6, []), []);
});

Deno.test("maxMinShares never lets more be taken than there is, nor leaves what someone needs", () => {
  fc.assert(fc.property(capacity, sharers, (capacity, all) => {
    const total = sum(taken(capacity, all));
    const most = Math.min(capacity, sum(all.map(({ demand }) => demand)));
    assert.ok(Math.abs(total - most) <= most * 1e-9, `${total} of ${most}`);
  }));
});

Deno.test("maxMinShares lets nobody have more unless someone with less had to give it", () => {
  fc.assert(fc.property(capacity, sharers, (capacity, all) => {
    const shares = taken(capacity, all);
    shares.forEach((share, i) => {
      if (share >= all[i].demand) return;
      // Whoever wants more has as much, for their weight, as anyone else has.
      const level = share / all[i].weight;
      shares.forEach((other, j) => assert.ok(other / all[j].weight <= level * (1 + 1e-9)));
    });
  }));
});

Deno.test("maxMinShares takes nothing from anyone when another needs less", () => {
  fc.assert(fc.property(capacity, sharers, fc.nat(), (capacity, all, index) => {
    const modest = index % all.length;
    const fewer = all.map((one, i) => i === modest ? { ...one, demand: one.demand / 2 } : one);
    const before = taken(capacity, all), after = taken(capacity, fewer);
    before.forEach((share, i) => {
      if (i !== modest) assert.ok(after[i] >= share * (1 - 1e-9), `${after[i]} < ${share}`);
    });
  }));
});
