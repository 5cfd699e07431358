import assert from "node:assert/strict";
import fc from "fast-check";
import { SOURCE } from "../../../src/media/rendition.ts";
import { sizeOf } from "./frame_sizes.ts";
import { figures, simulate } from "./simulation.ts";

/** The same readers each time. */
const SEED = 11;

const IDLE = { capacity: () => 1e9, evidence: "kernel" } as const;

/** What the other end's system keeps of what is not read. Bytes. */
const WINDOWS = [64_000, 256_000, 1_000_000];

/** What share of what was sent was in full quality. */
function fullShare({ sent }: ReturnType<typeof simulate>): number {
  return sent.filter(({ rendition }) => rendition === SOURCE).length / sent.length;
}

for (const fps of [5, 15, 25]) {
  Deno.test(`a reader of ${fps} frames a second keeps its quality on an idle link`, () => {
    for (const window of WINDOWS) {
      const outcome = simulate({ ...IDLE, window, seconds: 60, takes: () => fps });
      assert.equal(fullShare(outcome), 1, `${window}`);
      const { fps: taken, median } = figures(outcome, 10_000, 60_000);
      assert.ok(taken >= 0.97 * fps, `${window}: ${taken} fps`);
      assert.ok(median <= 5000 / fps, `${window}: half are ${median} ms old`);
    }
  });

  Deno.test(`a reader of ${fps} frames a second behind a slow link gets what the link carries`, () => {
    for (const window of WINDOWS) {
      const scenario = { evidence: "kernel", window, seconds: 60, takes: () => fps } as const;
      const outcome = simulate({ ...scenario, capacity: () => 5e6 });
      const { fps: taken, median } = figures(outcome, 10_000, 60_000);
      assert.ok(taken >= 0.88 * fps, `${window}: ${taken} fps`);
      assert.ok(median <= 150 + 2500 / fps, `${window}: half are ${median} ms old`);
      // Full quality where it fits, less where it does not.
      const fits = sizeOf(SOURCE) * 8 * fps < 4e6;
      if (fits) assert.ok(fullShare(outcome) >= 0.75, `${window}: ${fullShare(outcome)}`);
      else assert.ok(fullShare(outcome) <= 0.3, `${window}: ${fullShare(outcome)}`);
    }
  });
}

Deno.test("a reader whose link is idle is never lowered, whatever it takes", () => {
  const takes = fc.double({ min: 4, max: 28, noNaN: true });
  const window = fc.integer({ min: 64_000, max: 1_000_000 });
  fc.assert(
    fc.property(takes, window, fc.nat(10), (fps, window, latency) => {
      const outcome = simulate({ ...IDLE, latency, window, seconds: 40, takes: () => fps });
      assert.ok(fullShare(outcome) >= 0.97, `${fullShare(outcome)}`);
    }),
    { numRuns: 40, seed: SEED },
  );
});

Deno.test("a reader that is busy for a while gets all frames again soon after", () => {
  const takes = (at: number) => at > 5000 && at < 25_000 ? 5 : Infinity;
  for (const window of WINDOWS) {
    const outcome = simulate({ ...IDLE, window, seconds: 60, takes });
    assert.equal(fullShare(outcome), 1, `${window}`);
    const { fps, median } = figures(outcome, 32_000, 60_000);
    assert.ok(fps >= 29 && median <= 60, `${window}: ${fps} fps, ${median} ms`);
  }
});

Deno.test("a relay that waits for a slow link behind it gets a lower quality, and all frames", () => {
  // It reads whatever comes, as fast as its own link takes it: the window is closed, as a reader's.
  const outcome = simulate({ ...IDLE, seconds: 60, relays: 5e6 / 8000 });
  const { fps } = figures(outcome, 20_000, 60_000);
  assert.ok(fps >= 24, `${fps}`);
  assert.ok(fullShare(outcome) <= 0.2, `${fullShare(outcome)}`);
});
