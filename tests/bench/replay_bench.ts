/**
 * Measures what 50 viewers at as many moments of the past cost those who watch live: their frames a second and the age of
 * frames, alone, beside 50 more who watch live, and beside 50 in the past; by turns on the same server. Prints a Markdown
 * table.
 *
 *     deno run -A tests/bench/replay_bench.ts [rounds]
 */
import { setTimeout as delay } from "node:timers/promises";
import { buildLoad, load, type LoadResult } from "./load.ts";
import { print, withServer } from "./servers.ts";
import { head, row } from "./video/quantiles.ts";

const ROUNDS = Number(Deno.args[0] ?? 3);
const SECONDS = 8;

/** How much is kept when the measurement begins. Seconds. */
const KEPT_S = 25;

/** The other viewers: groups of one moment, each viewer of the past with a stream of their own. */
const GROUPS = 10;
const IN_GROUP = 5;
const LIVE = 20;

/** What the viewers of the live stream have beside them, and the first part of the others' address. */
const BESIDE: Readonly<Record<string, ((group: number) => string) | null>> = {
  nobody: null,
  "50 live": () => "/stream?",
  "50 in the past": (group) => {
    const at = Date.now() - 2000 - group * (KEPT_S - 4) * 1000 / GROUPS;
    return `/stream?at=${at}&`;
  },
};

const program = await buildLoad();
if (!program) {
  print("No load program is beside the project: nothing to measure");
  Deno.exit(0);
}

print(head("20 live", "beside", "fps", "age ms, median / p99", "fps of the others", "cores"));
for (const [live, others] of [["high", "high"], ["low", "high"], ["high", "low"], ["low", "low"]]) {
  await withServer(["--rewind=60s"], async ({ port, pid }) => {
    await delay(KEPT_S * 1000);
    const results = new Map(
      Object.keys(BESIDE).map((name) => [name, { own: [], others: [] } as Results]),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, pathOf] of Object.entries(BESIDE)) {
        const crowd = pathOf === null ? [] : Array.from({ length: GROUPS }, (_, group) => {
          const path = `${pathOf(group)}quality=${others}`;
          return load(program, { port, path, viewers: IN_GROUP, seconds: SECONDS });
        });
        const path = `/stream?quality=${live}`;
        const own = await load(program, { port, pid, path, viewers: LIVE, seconds: SECONDS });
        results.get(name)!.own.push(own);
        results.get(name)!.others.push(...await Promise.all(crowd));
      }
    }
    for (const [name, { own, others: beside }] of results) {
      const [middle, last] = (["median", "p99"] as const).map((quantile) =>
        Math.round(median(own.map(({ age_ms }) => age_ms[quantile])))
      );
      const fps = median(own.map(({ fps }) => fps.median));
      const theirs = median(beside.map(({ fps }) => fps.median));
      const cores = median(own.map(({ cpu_cores }) => cpu_cores));
      print(row(live, `${name}, ${others}`, fps, `${middle} / ${last}`, theirs, cores));
    }
  });
}

interface Results {
  readonly own: LoadResult[];
  readonly others: LoadResult[];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
