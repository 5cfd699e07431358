import assert from "node:assert/strict";
import fc from "fast-check";
import {
  movedMark,
  shortened,
  SHORTEST_MS,
  type Span,
  spanUntil,
  withinReach,
} from "../../../static/js/clips/clip_span.js";

const PAST = { from: 100_000, to: 160_000 };

Deno.test("a clip of the last seconds ends now and has their length", () => {
  assert.deepEqual(spanUntil(160_000, 30_000, PAST), { from: 130_000, to: 160_000 });
});

Deno.test("a clip begins no earlier than the past, and ends later to have its length", () => {
  assert.deepEqual(spanUntil(110_000, 30_000, PAST), { from: 100_000, to: 130_000 });
  assert.deepEqual(spanUntil(90_000, 90_000, PAST), PAST);
});

Deno.test("a mark that is moved takes the other one along where the clip would be too long or too short", () => {
  const span = { from: 120_000, to: 130_000 };
  const moved = (mark: "from" | "to", by: number) => movedMark(span, mark, by, 10_000, PAST);
  assert.deepEqual(moved("from", -10_000), { from: 110_000, to: 120_000 });
  assert.deepEqual(moved("from", 10_000), { from: 130_000, to: 131_000 });
  assert.deepEqual(moved("to", 1000), { from: 121_000, to: 131_000 });
  assert.deepEqual(moved("to", -1000), { from: 120_000, to: 129_000 });
});

Deno.test("a shortened clip keeps its end", () => {
  assert.deepEqual(shortened({ from: 120_000, to: 150_000 }, 10_000), {
    from: 140_000,
    to: 150_000,
  });
  assert.deepEqual(shortened({ from: 145_000, to: 150_000 }, 10_000), {
    from: 145_000,
    to: 150_000,
  });
});

Deno.test("a clip loses what has gone out of reach", () => {
  const span = { from: 90_000, to: 120_000 };
  assert.deepEqual(withinReach(span, PAST), { from: 100_000, to: 120_000 });
  assert.deepEqual(withinReach(span, { from: 150_000, to: 210_000 }), {
    from: 119_000,
    to: 120_000,
  });
});

Deno.test("moved marks stay in the past, and as far apart as clips can be", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("from" as const, "to" as const), fc.integer()), {
    maxLength: 20,
  });
  const past = fc.tuple(fc.nat(1e6), fc.integer({ min: 0, max: 120_000 }))
    .map(([from, length]): Span => ({ from, to: from + length }));
  fc.assert(fc.property(past, steps, fc.constantFrom(10_000, 60_000), (past, steps, longest) => {
    let span = spanUntil(past.to, 10_000, past);
    for (const [mark, by] of steps) {
      span = movedMark(span, mark, by, longest, past);
      assert(past.from <= span.from && span.to <= past.to, JSON.stringify(span));
      const length = span.to - span.from;
      assert(length <= longest, `${length}`);
      assert(length >= Math.min(SHORTEST_MS, past.to - past.from), `${length}`);
    }
  }));
});
