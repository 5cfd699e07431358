import assert from "node:assert/strict";
import fc from "fast-check";
import { SOURCE } from "../../../src/media/rendition.ts";
import { sizeOf } from "./frame_sizes.ts";
import { figures, type Outcome, type Sent, simulate } from "./simulation.ts";

/** The same links each time: the bounds are those of behaviour, with next to no room for chance. */
const SEED = 20;

const EVIDENCES = ["page", "kernel"] as const;
const ALL_EVIDENCES = ["page", "kernel", "pull"] as const;

const FALL = 12_000, RETURN = 22_000;

/** 20 Mbit/s, then 2, then 20 again. */
const falling = (at: number) => at >= FALL && at < RETURN ? 2e6 : 20e6;

/** When the last frame was seen that was older than 300 ms, while the link was slow. */
function lastOld({ seen }: Outcome): number {
  return seen.findLast(({ at, age }) => at >= FALL && at < RETURN && age > 300)?.at ?? FALL;
}

/** Moments of 50 to 300 ms in which nothing comes through, after pauses of so long on average. */
const stalls = (pause: number) =>
  fc.array(fc.tuple(fc.integer({ min: pause / 4, max: pause * 1.75 }), fc.integer(STALL)), {
    minLength: 200,
    maxLength: 200,
  }).map((lengths) => {
    const lost = new Set<number>();
    let at = 0;
    for (const [pause, stall] of lengths) {
      at += pause;
      for (const end = at + stall; at < end; at++) lost.add(at);
    }
    return (at: number) => lost.has(at);
  });
const STALL = { min: 50, max: 300 };

for (const evidence of EVIDENCES) {
  // A page reports a fall one report later, so more of the larger frames have left by then.
  const soon = evidence === "kernel" ? 2000 : 2500;
  Deno.test(`a link that falls from 20 to 2 Mbit/s is fresh again in ${soon} ms, by the ${evidence}`, () => {
    for (const latency of [1, 2, 5, 10]) {
      for (const burst of [0, 8000, 32_000]) {
        const outcome = simulate({ capacity: falling, seconds: 22, evidence, latency, burst });
        const late = lastOld(outcome) - FALL;
        assert.ok(late <= soon, `${latency} ms, ${burst} bytes: ${late}`);
        const { fps, changes } = figures(outcome, FALL + 2500, RETURN);
        assert.ok(fps >= 24, `${fps}`);
        assert.ok(changes <= 3, `${changes}`);
      }
    }
  });

  Deno.test(`a link that comes back gives full quality within ten seconds, by the ${evidence}`, () => {
    for (const latency of [1, 5, 20, 40]) {
      for (const burst of [0, 32_000]) {
        for (const swing of [0, 0.1]) {
          const scenario = { capacity: falling, seconds: 40, evidence, latency, burst, swing };
          const { seen, sent } = simulate(scenario);
          const full = seen.find(({ at, rendition }) => at > RETURN && rendition === SOURCE);
          assert.ok(full && full.at - RETURN <= 10_000, `${full?.at}`);
          assert.equal(sent.at(-1)!.rendition, SOURCE);
        }
      }
    }
  });
}

Deno.test("a fall that nobody sees is got over: frames go on, smaller ones, fresh in the end", () => {
  const capacity = (at: number) => at >= FALL ? 2e6 : 20e6;
  const outcome = simulate({ capacity, seconds: 60, evidence: "pull" });
  const { fps, median } = figures(outcome, 40_000, 60_000);
  assert.ok(fps >= 20, `${fps}`);
  assert.ok(median < 6000, `${median}`);
  assert.notEqual(outcome.sent.at(-1)!.rendition, SOURCE);
});

Deno.test("a link that stops altogether for a while is used again at once", () => {
  for (const evidence of ALL_EVIDENCES) {
    for (const pause of [300, 1000, 4000, 9000]) {
      const loss = (at: number) => at >= FALL && at < FALL + pause;
      const outcome = simulate({ capacity: () => 5e6, seconds: 40, evidence, loss });
      const again = outcome.seen.find(({ at }) => at > FALL + pause);
      assert.ok(again && again.at <= FALL + pause + 200, `${evidence}, ${pause}: ${again?.at}`);
      const { fps, p99 } = figures(outcome, FALL + pause + 8000, 40_000);
      assert.ok(fps >= 24, `${evidence}, ${pause}: ${fps} fps`);
      // Where nobody sees the queue, it is as long as the kernel lets it be.
      assert.ok(p99 <= 400 || evidence === "pull", `${evidence}, ${pause}: ${p99} ms`);
    }
  }
});

Deno.test("a bursty link fools nobody: what a token bucket lets through is not what it carries", () => {
  const capacity = fc.double({ min: 1.5e6, max: 14e6, noNaN: true });
  const burst = fc.integer({ min: 1000, max: 32_000 });
  fc.assert(
    fc.property(capacity, burst, fc.constantFrom(...EVIDENCES), (bits, burst, evidence) => {
      const outcome = simulate({ capacity: () => bits, seconds: 40, evidence, burst });
      const { fps, median, p99, changes } = figures(outcome, 10_000, 40_000);
      assert.ok(fps >= 24, `${fps} fps`);
      assert.ok(median <= 160, `half are ${median} ms old`);
      assert.ok(p99 <= 400, `99 % are ${p99} ms old`);
      assert.ok(changes <= 10, `${changes}`);
    }),
    { numRuns: 60, seed: SEED },
  );
});

Deno.test("a lossy link delays frames by its stalls, not by more and more", () => {
  const capacity = fc.double({ min: 2e6, max: 50e6, noNaN: true });
  fc.assert(
    fc.property(capacity, stalls(1500), fc.constantFrom(...EVIDENCES), (bits, loss, evidence) => {
      const outcome = simulate({ capacity: () => bits, seconds: 40, evidence, loss });
      const { fps, median, p99 } = figures(outcome, 6000, 40_000);
      assert.ok(fps >= 22, `${fps} fps`);
      assert.ok(median <= 150, `half are ${median} ms old`);
      assert.ok(p99 <= 300 + 400, `99 % are ${p99} ms old`);
    }),
    { numRuns: 40, seed: SEED },
  );
});

Deno.test("a static second is no reason to lower anything", () => {
  // A frame a second: nothing queues up, but nothing much arrives either.
  const isStatic = (at: number) => at >= 8000 && at < 14_000;
  const busy = (at: number) => !isStatic(at) || at % 1000 < 34;
  for (const evidence of ALL_EVIDENCES) {
    const wide = simulate({ capacity: () => 20e6, seconds: 20, evidence, busy });
    assert.deepEqual(wide.changes, [], evidence);
    const narrow = simulate({ capacity: () => 6e6, seconds: 20, evidence, busy });
    const before = narrow.sent.findLast(({ at }) => at < 8000)!;
    const after = narrow.sent.find(({ at }) => at > 14_100)!;
    const bytesOf = (part: Sent) => part.bytes - part.padding;
    assert.ok(bytesOf(after) >= bytesOf(before) * 0.85, `${evidence}: ${after.rendition}`);
  }
});

Deno.test("a stream that was idle and becomes busy is fitted to a slow link within seconds", () => {
  for (const evidence of EVIDENCES) {
    for (const megabits of [2, 3, 5, 8]) {
      const busy = (at: number) => at >= 15_000 || at % 1000 < 34;
      const outcome = simulate({ capacity: () => megabits * 1e6, seconds: 40, evidence, busy });
      assert.ok(figures(outcome, 0, 15_000).max <= 400, "idle");
      const { fps, median, p99 } = figures(outcome, 20_000, 40_000);
      assert.ok(fps >= 24 && median <= 150 && p99 <= 500, `${evidence}, ${megabits}: ${p99}`);
    }
  }
});

Deno.test("frames that swing in size from one to the next change nothing", () => {
  for (const evidence of EVIDENCES) {
    for (const megabits of [2, 3, 5, 8, 20]) {
      const scenario = { capacity: () => megabits * 1e6, seconds: 40, evidence, swing: 0.25 };
      const { fps, median, p99, changes } = figures(simulate(scenario), 10_000, 40_000);
      assert.ok(fps >= 24 && median <= 150 && p99 <= 400, `${evidence}, ${megabits}: ${p99}`);
      assert.ok(changes <= 6, `${evidence}, ${megabits}: ${changes}`);
    }
  }
});

Deno.test("a scene that grows and shrinks threefold stays fresh, and changes step by step", () => {
  const scene = (at: number) => 1 + 0.5 * Math.sin(at / 3000);
  for (const evidence of EVIDENCES) {
    for (const megabits of [3, 5, 8]) {
      const outcome = simulate({ capacity: () => megabits * 1e6, seconds: 60, evidence, scene });
      const { fps, median, p99, changes } = figures(outcome, 10_000, 60_000);
      assert.ok(fps >= 24 && median <= 150 && p99 <= 400, `${evidence}, ${megabits}: ${p99}`);
      // More than in steady state, as it is none: up and down five steps in 19 s.
      assert.ok(changes <= 50 / 2, `${evidence}, ${megabits}: ${changes}`);
    }
  }
});

Deno.test("a slow link makes frames smaller before it makes them fewer", () => {
  const outcome = simulate({ capacity: () => 2e6, seconds: 30, evidence: "kernel" });
  const bytes = outcome.sent.filter(({ at }) => at > 15_000).map(({ bytes }) => bytes);
  assert.ok(Math.max(...bytes) < sizeOf(SOURCE.with({ quality: 20 })));
  assert.ok(figures(outcome, 15_000, 30_000).fps >= 28);
});
