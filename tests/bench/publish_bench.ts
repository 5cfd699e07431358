/**
 * Measures what publishing costs, and whether viewers notice. Prints Markdown tables, with the targets.
 *
 *     deno run -A tests/bench/publish_bench.ts [cost|age] [seconds]
 *
 * Without a name: both. The seconds are those that count of each measurement.
 */
import { print } from "./servers.ts";
import { publishedAge } from "./publish/age.ts";
import { publishingCost } from "./publish/cost.ts";
import { head, row } from "./video/quantiles.ts";

const [only, seconds] = Deno.args;

const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  async cost() {
    const figures = await publishingCost(Number(seconds ?? 30));
    print(head("targets", "viewers' fps", "age, ms", "server, cores", "each ffmpeg (0.02)"));
    for (const { targets, fps, age, server, publisher } of figures) {
      const each = publisher === null ? "" : publisher.toFixed(4);
      const ages = `${age.median.toFixed(1)} / ${age.p99.toFixed(1)}`;
      print(row(String(targets), fps.toFixed(1), ages, server.toFixed(3), each));
    }
  },
  async age() {
    const { pulled, segment } = await publishedAge(Number(seconds ?? 20));
    print(head("age at nginx, ms", "median", "p99"));
    print(row("pulled by RTMP", pulled.median.toFixed(0), pulled.p99.toFixed(0)));
    print(row("newest picture of HLS", segment.median.toFixed(0), segment.p99.toFixed(0)));
  },
};

for (const [name, measure] of Object.entries(ROWS)) {
  if (only !== undefined && only !== name) continue;
  print(`\n### ${name}\n`);
  await measure();
}
