import assert from "node:assert/strict";
import fc from "fast-check";
import { type Filter, type Quality, Rendition, SOURCE } from "../../../src/media/rendition.ts";
import { sizeOf } from "./frame_sizes.ts";
import { figures, type Outcome, simulate, simulateTogether } from "./simulation.ts";

/** The same links each time: the bounds are those of behaviour, with next to no room for chance. */
const SEED = 20;

const EVIDENCES = ["page", "kernel"] as const;
const ALL_EVIDENCES = ["page", "kernel", "pull"] as const;

/** The smaller rate in proportion to the larger one. */
function evenness(outcomes: readonly Outcome[], from: number, to: number): number {
  const rates = outcomes.map((outcome) => figures(outcome, from, to).bits);
  return Math.min(...rates) / Math.max(...rates);
}

for (const evidence of EVIDENCES) {
  Deno.test(`two viewers on one 10 Mbit/s link get rates within 20 %, by the ${evidence}`, () => {
    for (const latency of [2, 10, 20]) {
      for (const from of [0, 5000, 7013]) {
        const network = { capacity: () => 10e6, seconds: 60, order: "turns" as const };
        const outcomes = simulateTogether(network, [
          { evidence, latency },
          { evidence, latency, from },
        ]);
        const even = evenness(outcomes, 30_000, 60_000);
        assert.ok(even >= 0.8, `${latency} ms, from ${from}: ${even}`);
        for (const outcome of outcomes) {
          const { fps, median, p99 } = figures(outcome, 15_000, 60_000);
          assert.ok(fps >= 24 && median <= 150 && p99 <= 400, `${fps} fps, ${median}, ${p99} ms`);
        }
      }
    }
  });

  // Where the link favours whoever sends more, and steps of quality are far apart, rates come as near
  // as a step or two; but nobody is left with nothing, and frames stay fresh.
  Deno.test(`several viewers on one first-in-first-out link all watch on, by the ${evidence}`, () => {
    for (const viewers of [2, 3, 5]) {
      for (const megabits of [10, 20]) {
        const network = { capacity: () => megabits * 1e6, seconds: 60 };
        const watching = Array.from({ length: viewers }, (_, i) => ({ evidence, from: i * 1500 }));
        const outcomes = simulateTogether(network, watching);
        for (const outcome of outcomes) {
          const { fps, median, p99 } = figures(outcome, 20_000, 60_000);
          assert.ok(fps >= 20 && median <= 170 && p99 <= 400, `${fps} fps, ${median}, ${p99} ms`);
        }
        const even = evenness(outcomes, 20_000, 60_000);
        assert.ok(even >= 0.25, `${viewers} on ${megabits} Mbit/s: ${even}`);
      }
    }
  });
}

Deno.test("a viewer who leaves a shared link leaves their part to the other", () => {
  for (const evidence of EVIDENCES) {
    const network = { capacity: () => 10e6, seconds: 60, order: "turns" as const };
    const busy = (at: number) => at < 30_000;
    const [stays] = simulateTogether(network, [{ evidence }, { evidence, busy }]);
    const before = figures(stays, 20_000, 30_000).bits, after = figures(stays, 45_000, 60_000).bits;
    assert.ok(after >= 1.4 * before, `${evidence}: ${before} to ${after}`);
  }
});

Deno.test("an allowance is held within 5 %, over any two seconds", () => {
  const allowance = fc.double({ min: 1.2e6, max: 20e6, noNaN: true });
  fc.assert(
    fc.property(allowance, fc.constantFrom(...ALL_EVIDENCES), (allowance, evidence) => {
      const scenario = { capacity: () => 100e6, seconds: 20, evidence, swing: 0.2 };
      const outcome = simulate({ ...scenario, allowance: () => allowance });
      const { bits, fps } = figures(outcome, 3000, 20_000);
      assert.ok(bits <= 1.05 * allowance, `${bits} of ${allowance}`);
      assert.ok(fps >= 24, `${fps}`);
      for (let from = 0; from <= 18_000; from += 500) {
        // Besides, a quarter of a second may be used ahead, and one frame.
        const ahead = (allowance * 0.25 + sizeOf(SOURCE) * 8) / 2;
        assert.ok(figures(outcome, from, from + 2000).bits <= 1.05 * allowance + ahead);
      }
    }),
    { numRuns: 40, seed: SEED },
  );
});
Deno.test("an allowance that is smaller than the smallest picture costs frames, not more bits", () => {
  for (const evidence of ALL_EVIDENCES) {
    const allowance = () => 400_000;
    const outcome = simulate({ capacity: () => 100e6, seconds: 30, evidence, allowance });
    const { bits, fps } = figures(outcome, 3000, 30_000);
    assert.ok(bits <= 1.05 * 400_000, `${bits}`);
    assert.ok(fps >= 10, `${fps}`);
  }
});

Deno.test("an allowance that shrinks is held within a second, and used again when it grows", () => {
  const allowance = (at: number) => at >= 10_000 && at < 20_000 ? 3e6 : Infinity;
  for (const evidence of ALL_EVIDENCES) {
    const outcome = simulate({ capacity: () => 100e6, seconds: 30, evidence, allowance });
    assert.ok(figures(outcome, 11_000, 20_000).bits <= 1.05 * 3e6);
    const full = outcome.sent.find(({ at, rendition }) => at > 20_000 && rendition === SOURCE);
    assert.ok(full && full.at <= 23_100, `${evidence}: ${full?.at}`);
  }
});

Deno.test("an uplink is held within 5 % in all, and what one does not need goes to the others", () => {
  for (const evidence of ALL_EVIDENCES) {
    const network = { capacity: () => 100e6, seconds: 40, uplink: 12e6 };
    const low = SOURCE.with({ quality: 5, scale: 0.5 });
    const outcomes = simulateTogether(network, [
      { evidence },
      { evidence, from: 3000 },
      { evidence, ceiling: low },
    ]);
    const rates = outcomes.map((outcome) => figures(outcome, 10_000, 40_000).bits);
    const total = rates.reduce((a, b) => a + b, 0);
    assert.ok(total <= 1.05 * 12e6, `${evidence}: ${total}`);
    assert.ok(total >= 0.75 * 12e6, `${evidence}: ${total}`);
    assert.ok(Math.abs(rates[0] / rates[1] - 1) <= 0.2, `${evidence}: ${rates}`);
    for (const outcome of outcomes) assert.ok(figures(outcome, 10_000, 40_000).fps >= 29);
  }
});

Deno.test("an uplink gives a viewer with priority twice as much", () => {
  const network = { capacity: () => 100e6, seconds: 40, uplink: 12e6 };
  const outcomes = simulateTogether(network, [
    { evidence: "page", weight: 2 },
    { evidence: "page" },
  ]);
  const [first, second] = outcomes.map((outcome) => figures(outcome, 10_000, 40_000).bits);
  assert.ok(first / second >= 1.5 && first / second <= 2.5, `${first / second}`);
});

Deno.test("a ceiling is never exceeded, whatever the link does", () => {
  const rank = (quality: Quality) => quality === "source" ? 100 : quality;
  const ceiling = fc.record({
    quality: fc.constantFrom<Quality>("source", 70, 50, 33, 20, 10, 7),
    scale: fc.constantFrom<1 | 0.5>(1, 0.5),
    filter: fc.constantFrom<Filter>("none", "sepia", "highlight"),
  }).map((fields) => Rendition.of(fields));
  const capacity = fc.array(fc.double({ min: 0.5e6, max: 40e6, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(ceiling, capacity, fc.constantFrom(...ALL_EVIDENCES), (ceiling, bits, evidence) => {
      const capacity = (at: number) => bits[Math.floor(at / 5000)];
      const { sent } = simulate({ capacity, seconds: 20, evidence, ceiling });
      assert.ok(sent.length > 0);
      for (const { rendition } of sent) {
        assert.ok(rank(rendition.quality) <= rank(ceiling.quality));
        assert.ok(rendition.scale <= ceiling.scale);
        assert.equal(rendition.filter, ceiling.filter);
      }
    }),
    { numRuns: 40, seed: SEED },
  );
});

Deno.test("a lower frame rate that was asked for is used for better pictures", () => {
  for (const evidence of EVIDENCES) {
    const slow = { capacity: () => 4e6, seconds: 40, evidence };
    const all = figures(simulate(slow), 15_000, 40_000);
    const few = figures(simulate({ ...slow, fps: 10 }), 15_000, 40_000);
    // Up to one frame in six is held back before the picture gets worse.
    assert.ok(few.fps > 8 && few.fps <= 10.1, `${few.fps}`);
    assert.ok(few.bits / few.fps > 1.5 * all.bits / all.fps);
  }
});
