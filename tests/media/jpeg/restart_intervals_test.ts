import assert from "node:assert/strict";
import fc from "fast-check";
import { INTERVAL_FIELDS, placeIntervals } from "../../../src/media/jpeg/restart_intervals.ts";

/** Intervals of one byte each, with the number of the marker before each. */
function intervals(numbers: readonly number[]): Int32Array {
  return Int32Array.from(numbers.flatMap((number, i) => [i, i + 1, number]));
}

/** Which of the intervals stands at each place; `null` for none. */
function placesOf(numbers: readonly number[], expected: number): (number | null)[] | "in order" {
  const placed = placeIntervals(intervals(numbers), expected);
  if (placed === null) return "in order";
  return Array.from({ length: expected }, (_, place) => {
    const [start, end] = placed.subarray(place * INTERVAL_FIELDS);
    return start === end ? null : start;
  });
}

/** The number of the marker before each of `count` intervals; the first has none. */
const sound = (count: number) => Array.from({ length: count }, (_, i) => i === 0 ? 0 : (i - 1) % 8);

Deno.test("intervals in their order stay as they are, with the end cut off too", () => {
  assert.equal(placesOf(sound(30), 30), "in order");
  assert.equal(placesOf(sound(20), 30), "in order");
  assert.equal(placesOf([0], 30), "in order");
});

Deno.test("up to seven intervals lost in a row leave a gap just there", () => {
  const runs = fc.record({
    expected: fc.integer({ min: 3, max: 60 }),
    at: fc.nat(),
    count: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(fc.property(runs, ({ expected, at, count }) => {
    const first = 1 + at % (expected - 2);
    const lost = Math.min(count, expected - 1 - first);
    fc.pre(lost > 0);
    const numbers = sound(expected).toSpliced(first, lost);
    const places = sound(expected).map((_, place) =>
      place < first ? place : place < first + lost ? null : place - lost
    );
    assert.deepEqual(placesOf(numbers, expected), places);
  }));
});

for (
  const [what, numbers, expected, places] of [
    ["two gaps", [0, 0, 1, 4, 7], 9, [0, 1, 2, null, null, 3, null, null, 4]],
    ["a gap before the last", [0, 0, 3], 5, [0, 1, null, null, 2]],
    ["a damaged number", [0, 0, 5, 2, 3], 5, [0, 1, 2, 3, 4]],
    ["a damaged number before the end was cut off", [0, 0, 5, 2, 3], 12, [
      ...[0, 1, 2, 3, 4],
      ...Array(7).fill(null),
    ]],
    ["a damaged last number", [0, 0, 1, 7], 4, [0, 1, 2, 3]],
    ["a marker that does not belong there", [0, 0, 6, 1, 2], 4, [0, 1, 3, 4]],
    ["more intervals than belong there", [0, 3, 4, 5, 6, 7], 4, [0, 1, 2, 3]],
  ] as const
) {
  Deno.test(`intervals are placed in spite of ${what}`, () => {
    assert.deepEqual(placesOf(numbers, expected), [...places]);
  });
}

Deno.test("intervals never change their order nor go beyond the scan, whatever their numbers", () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(numbers, fc.integer({ min: 1, max: 40 }), (numbers, expected) => {
    const places = placesOf([0, ...numbers.slice(1)], expected);
    if (places === "in order") return;
    const kept = places.filter((place) => place !== null);
    assert.deepEqual(kept, kept.toSorted((a, b) => a - b));
    assert.equal(kept[0], 0);
  }));
});
