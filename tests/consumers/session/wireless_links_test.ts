import assert from "node:assert/strict";
import { SOURCE } from "../../../src/media/rendition.ts";
import { type Path, SimulatedPath, SimulatedTcp } from "./simulated_path.ts";
import { sizeOf } from "./frame_sizes.ts";
import type { Network } from "./simulated_link.ts";
import { figures, type Outcome, simulate, simulateTogether } from "./simulation.ts";

type Way = Omit<Path, "capacity"> & { readonly megabits: number };

/** Wi-Fi near and far, and long paths. */
const WAYS: Readonly<Record<string, Way>> = {
  "Wi-Fi with little loss": { megabits: 40, delay: 5, jitter: 5, loss: 0.5, burst: 2 },
  "Wi-Fi with jitter": { megabits: 20, delay: 10, jitter: 8 },
  "Wi-Fi with loss in bursts": { megabits: 20, delay: 10, jitter: 8, loss: 1, burst: 3 },
  "slow Wi-Fi with much jitter and loss": { megabits: 8, delay: 20, jitter: 15, loss: 1 },
  "a long path": { megabits: 20, delay: 80, jitter: 10 },
  "a long slow path": { megabits: 5, delay: 40, jitter: 5 },
};
/** The source needs 25.5 Mbit/s. */
const scene = () => 1.77;
const FULL = sizeOf(SOURCE) * scene() * 8 * 30;
const [FROM, TO] = [10_000, 40_000];
const SEEDS = [7919, 15_838, 23_757];

function networkOf({ megabits, ...path }: Way, seed: number): Network {
  return { capacity: () => megabits * 1e6, path: { ...path, seed }, seconds: TO / 1000 };
}

/** Bits a second that an endless download gets. */
function bulkOf({ megabits, ...path }: Way, seed: number): number {
  const tcp = new SimulatedTcp(
    new SimulatedPath({ ...path, capacity: () => megabits * 1e6, seed }),
  );
  let written = 0, before = 0;
  for (let now = 0; now < TO; now++) {
    if (now === FROM) before = tcp.received;
    if (written - tcp.received < 4e6) {
      tcp.write(1e5);
      written += 1e5;
    }
    tcp.tick(now);
  }
  return (tcp.received - before) * 8000 / (TO - FROM);
}

/** Bits a second of pictures, without what probes add. */
function picturesOf({ sent }: Outcome, from = FROM, to = TO): number {
  const some = sent.filter(({ at }) => at >= from && at < to);
  return some.reduce((sum, { bytes, padding }) => sum + bytes - padding, 0) * 8000 / (to - from);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const congestion of ["cubic", "bbr"] as const) {
  for (const [name, way] of Object.entries(WAYS)) {
    Deno.test(`${name} is used, and carries fresh frames, with ${congestion}`, () => {
      const runs = SEEDS.map((seed) => {
        const network = networkOf({ ...way, congestion }, seed);
        const outcome = simulate({ ...network, evidence: "kernel", scene });
        return { ...figures(outcome, FROM, TO), pictures: picturesOf(outcome) };
      });
      const bulk = Math.min(FULL, mean(SEEDS.map((seed) => bulkOf({ ...way, congestion }, seed))));
      const pictures = runs.map((run) => run.pictures);
      const least = LEAST[congestion](way);
      assert.ok(mean(pictures) >= least * bulk, `${pictures} of ${bulk}`);
      // The same link gives the same picture.
      const spread = Math.max(...pictures) / Math.min(...pictures);
      assert.ok(spread <= 1.35, `${pictures}`);
      const { delay, jitter = 0, megabits } = way;
      const frame = mean(pictures) / 30 / megabits / 1000;
      const age = delay + jitter / 2 + frame;
      assert.ok(median(runs.map((run) => run.median)) <= age + 60, JSON.stringify(runs));
      // Over a long path, BBR's look for the shortest round trip takes half a second.
      const latest = congestion === "bbr" && delay > 50 ? 430 : 300;
      assert.ok(median(runs.map((run) => run.p99)) <= age + latest, JSON.stringify(runs));
      for (const { fps, changes } of runs) {
        assert.ok(fps >= 22, `${fps} fps`);
        assert.ok(changes <= 10, `${changes} changes in half a minute`);
      }
    });
  }
}

/** What part of a download's rate pictures have at least. */
const LEAST = {
  cubic: ({ loss = 0 }: Way) => loss > 0 ? 0.65 : 0.8,
  // BBR sends at the rate that it has seen: it takes long to find a higher one on a long path.
  bbr: ({ loss = 0, delay }: Way) => loss > 0 ? 0.5 : delay > 50 ? 0.68 : 0.8,
};

Deno.test("a page over a connection of its own is given what a program is", () => {
  for (const way of [WAYS["a long path"], WAYS["Wi-Fi with loss in bursts"]]) {
    const network = networkOf(way, SEEDS[0]);
    const [page, program] = (["page", "kernel"] as const).map((evidence) =>
      picturesOf(simulate({ ...network, evidence, scene }))
    );
    assert.ok(page >= 0.8 * program, `${page}, ${program}`);
  }
});

Deno.test("a long path that carries everything is in full quality within six seconds", () => {
  for (const congestion of ["cubic", "bbr"] as const) {
    for (const delay of [20, 50, 100, 150]) {
      for (const evidence of ["kernel", "page"] as const) {
        const path = { delay, jitter: 2, queue: 400, congestion };
        const { seen } = simulate({ capacity: () => 60e6, path, seconds: 12, evidence, scene });
        const lower = seen.findLast(({ rendition }) => rendition !== SOURCE);
        assert.ok(
          (lower?.at ?? 0) <= 6000,
          `${delay} ms, ${congestion}, ${evidence}: ${lower?.at}`,
        );
      }
    }
  }
});

Deno.test("walking away from the access point and back costs quality for a while, not freshness", () => {
  const capacity = (at: number) => at < 10_000 || at >= 20_000 ? 40e6 : 3e6;
  for (const congestion of ["cubic", "bbr"] as const) {
    for (const seed of SEEDS) {
      const path = { delay: 5, jitter: 5, loss: 1, congestion, seed };
      const outcome = simulate({ capacity, path, seconds: 60, evidence: "kernel", scene });
      const away = figures(outcome, 13_000, 20_000), back = figures(outcome, 35_000, 60_000);
      const key = `${congestion}, ${seed}`;
      assert.ok(away.fps >= 18 && away.median <= 150, `${key}: ${away.fps} fps, ${away.median} ms`);
      assert.ok(back.fps >= 22 && back.median <= 100, `${key}: ${back.fps} fps, ${back.median} ms`);
      assert.ok(back.changes <= 10, `${key}: ${back.changes}`);
      const least = congestion === "bbr" ? 15e6 : 5e6;
      assert.ok(picturesOf(outcome, 35_000, 60_000) >= least, `${key}: ${back.bits}`);
    }
  }
});

Deno.test("viewers at different distances share one bottleneck, and nobody is left with nothing", () => {
  for (const congestion of ["cubic", "bbr"] as const) {
    const path = { delay: 5, jitter: 2, congestion };
    const network = { capacity: () => 20e6, path, seconds: 60 };
    const watching = [0, 40, 80].map((latency) => ({
      evidence: "kernel" as const,
      latency,
      scene,
    }));
    const outcomes = simulateTogether(network, watching);
    const rates = outcomes.map((outcome) => picturesOf(outcome, 20_000, 60_000));
    assert.ok(rates.reduce((a, b) => a + b) >= 0.6 * 20e6, `${congestion}: ${rates}`);
    for (const [i, outcome] of outcomes.entries()) {
      const { fps, median, changes } = figures(outcome, 20_000, 60_000);
      assert.ok(rates[i] >= 1.5e6, `${congestion}: ${rates}`);
      assert.ok(fps >= 22 && median <= watching[i].latency + 150, `${fps} fps, ${median} ms`);
      assert.ok(changes <= 18, `${changes}`);
    }
  }
});
