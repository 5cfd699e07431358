/**
 * Measures what rewinding costs. Prints Markdown tables, with the targets.
 *
 *     deno run -A tests/bench/rewind_bench.ts [ring] [seconds]
 *
 * Without a name: all. The seconds are those that count of each measurement.
 */
import { print } from "./servers.ts";
import { ringCost, RINGS } from "./rewind/ring_cost.ts";
import { head, row } from "./video/quantiles.ts";

const [only, seconds] = Deno.args;

const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  async ring() {
    const figures = await ringCost(Number(seconds ?? 20));
    print(head("ring", "cores", "more than without (0.05)", "MB kept", "MB a minute"));
    const without = figures.off.cores;
    for (const name of Object.keys(RINGS) as (keyof typeof RINGS)[]) {
      const { cores, bytes, minute } = figures[name];
      const more = (cores - without).toFixed(3);
      const kept = [bytes, minute].map((count) => (count / 1e6).toFixed(0));
      print(row(name, cores.toFixed(3), more, ...kept));
    }
  },
};

for (const [name, measure] of Object.entries(ROWS)) {
  if (only !== undefined && only !== name) continue;
  print(`\n### ${name}\n`);
  await measure();
}
