/**
 * Measures one origin with HLS and three nginx edges (`deploy/edge/`) in network namespaces, all on this machine, with
 * clients that play as hls.js does (`tests/support/hls_load.c`). Prints Markdown tables, with the targets.
 *
 *     deno run -A tests/bench/edges_bench.ts [low | high] [seconds]
 */
import { setTimeout as delay } from "node:timers/promises";
import { canRunEdges, type Edge } from "../support/edge.ts";
import { withEdges } from "../support/edges.ts";
import { canLoadHls, type HlsLoad, loadHls } from "../support/hls_load.ts";
import type { Program } from "../support/program.ts";
import { print } from "./servers.ts";
import { CpuMeter, familyOf } from "./video/cpu_meter.ts";
import { head, row } from "./video/quantiles.ts";

const rendition = Deno.args[0] === "high" ? "high" : "low";
const SECONDS = Number(Deno.args[1] ?? 30);
/** Clients start within 4 s; what is measured begins when they play. */
const SETTLE_MS = 6000;
const EDGES = 3;

/** What clients saw, what their edges asked the origin for, and the processor time of both. */
interface Figures {
  readonly load: HlsLoad;
  /** Requests a second to the origin. */
  readonly asked: number;
  readonly originCores: number;
  readonly edgeCores: number;
}

async function measure(
  edges: readonly Edge[],
  program: Program,
  clients: number,
): Promise<Figures> {
  const count = async () => (await Promise.all(edges.map((edge) => edge.asked()))).flat().length;
  const addresses = edges.map(({ address }) => address);
  const seconds = SECONDS + SETTLE_MS / 1000;
  const loading = loadHls({ edges: addresses, clients, seconds: seconds + 1, rendition });
  await delay(SETTLE_MS);
  const origin = await CpuMeter.start(() => familyOf(program.pid));
  const nginx = await CpuMeter.start(() => Promise.resolve(edges.flatMap(({ pids }) => pids)));
  const before = await count(), began = performance.now();
  await delay(SECONDS * 1000);
  const asked = (await count() - before) / (performance.now() - began) * 1000;
  const [originCores, edgeCores] = await Promise.all([origin.cores(), nginx.cores()]);
  return { load: await loading, asked, originCores, edgeCores };
}

const shareOf = ({ inTime, late, missed }: HlsLoad) => inTime / (inTime + late + missed);
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

if (!canLoadHls() || !await canRunEdges()) {
  print("Edges are not measured: that takes root on Linux, iproute2, nginx and a C compiler");
  Deno.exit(0);
}

await withEdges(EDGES, async (edges, program) => {
  // The first players find fewer segments than those that come later, and have less in reserve.
  const addresses = edges.map(({ address }) => address);
  await loadHls({ edges: addresses, clients: EDGES, seconds: 10, rendition });
  print(`\n### ${EDGES} edges, rendition ${rendition}, ${SECONDS} s\n`);
  print(head(
    ...["clients", "requests a second to the origin (target: within 10 %)", "segments in time"],
    ...["clients with 99 % (target: all)", "segment, ms median / p99", "Mbit/s"],
    "behind live, ms median / most",
    ...["origin, cores", "edges, cores"],
  ));
  for (const clients of [20, 200, 2000]) {
    const { load, asked, originCores, edgeCores } = await measure(edges, program, clients);
    print(row(
      ...[String(clients), asked.toFixed(2), percent(shareOf(load)), `${load.good}`],
      ...[`${load.segment.median} / ${load.segment.p99}`],
      (load.bytes * 8 / load.seconds / 1e6).toFixed(0),
      `${load.behind.toFixed(0)} / ${load.behindMost.toFixed(0)}`,
      ...[originCores.toFixed(2), edgeCores.toFixed(2)],
    ));
  }
});

const ENDS: Readonly<Record<string, (edge: Edge) => void | Promise<void>>> = {
  "killed": (edge) => edge.kill(),
  "cut off": (edge) => edge.cutOff(),
};

print("\n### One of three edges ends, 300 clients\n");
print(
  head("it is", "clients that went on by another", "longest without anything (5 s)", "in time"),
);
for (const [name, end] of Object.entries(ENDS)) {
  await withEdges(EDGES, async (edges) => {
    const addresses = edges.map(({ address }) => address);
    const loading = loadHls({ edges: addresses, clients: 300, seconds: 25, rendition });
    await delay(12_000);
    await end(edges[2]);
    const load = await loading;
    print(row(
      ...[name, `${load.switched}`, `${(load.silence / 1000).toFixed(1)} s`],
      percent(shareOf(load)),
    ));
  });
}
