/**
 * Measures the whole server under load, compared with µStreamer if installed: a fake camera with
 * 720p30 MJPEG, real ffmpeg, hundreds of real connections. Prints Markdown tables.
 */
import { setTimeout as delay } from "node:timers/promises";
import { residentMemory } from "../support/process_health.ts";
import { pause } from "../support/pause.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { buildLoad, load, type LoadResult } from "./load.ts";
import { print, withRival, withServer } from "./servers.ts";

const SECONDS = 8;

/** Ten renditions, watched by ten groups of viewers at once. */
const TEN_RENDITIONS = ["medium", "low"].flatMap((quality) =>
  ["none", "grayscale", "sepia", "invert", "mirror"].map((filter) =>
    `/stream?quality=${quality}&filter=${filter}`
  )
);

function row(name: string, result: LoadResult): string {
  const { fps, age_ms, cpu_cores, peak_rss_kb, viewers, lost } = result;
  const cells = [
    name,
    viewers - lost,
    `${fps.min} / ${fps.median}`,
    age_ms.median < 0 ? "" : `${age_ms.median} / ${age_ms.p99}`,
    cpu_cores < 0 ? "" : cpu_cores.toFixed(2),
    peak_rss_kb ? Math.round(peak_rss_kb / 1024) : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

const program = await buildLoad();
if (!program) {
  print("No load program is beside the project: nothing to measure");
  Deno.exit(0);
}

print("| | viewers | fps min / median | age ms median / p99 | cores | peak MiB |");
print("| --- | --- | --- | --- | --- | --- |");

const ratios: string[] = [];
for (const viewers of [1, 100, 400]) {
  const watch = ({ port, pid }: { port: number; pid: number }) =>
    load(program, { port, pid, path: "/stream", viewers, seconds: SECONDS });
  const own = await withServer([], watch);
  print(row("source", own));
  const rival = await withRival(watch);
  if (!rival) continue;
  print(row("source, µStreamer", rival));
  const costs = [own, rival].map(({ cpu_cores, fps }) => cpu_cores / fps.median / viewers);
  ratios.push(`${viewers} viewers ${(costs[0] / costs[1]).toFixed(2)}`);
}

const ten = await withServer([], async ({ port, pid }) => {
  const seconds = SECONDS;
  const runs = TEN_RENDITIONS.map((path, i) =>
    load(program, { port, path, viewers: 10, seconds, ...(i === 0 && { pid }) })
  );
  return await Promise.all(runs);
});
ten.forEach((result, i) => print(row(TEN_RENDITIONS[i].replace("/stream?", ""), result)));

/** Opens ten streams and reads nothing, reopening each that is dropped. */
function readNothing(port: number, signal: AbortSignal): Promise<unknown> {
  const request = requestOf("GET /stream HTTP/1.1", `Host: 127.0.0.1:${port}`);
  return Promise.all(Array.from({ length: 10 }, async () => {
    while (!signal.aborted) {
      using _connection = await openRaw({ port }, request);
      await pause(12_000, signal);
    }
  }));
}

/** Measures ninety viewers, with or without those ten, and the memory every ten seconds. */
async function beside(stalled: boolean): Promise<{ result: LoadResult; memory: number[] }> {
  return await withServer([], async ({ port, pid }) => {
    const over = new AbortController();
    const idle = stalled ? readNothing(port, over.signal) : undefined;
    const memory: number[] = [];
    const watching = load(program!, { port, pid, path: "/stream", viewers: 90, seconds: 60 });
    for (let i = 0; i < 6; i++) {
      await delay(10_000);
      memory.push(Math.round(await residentMemory(pid)));
    }
    const result = await watching;
    over.abort();
    await idle;
    return { result, memory };
  });
}

const alone = await beside(false);
const disturbed = await beside(true);
print(row("source, 90 viewers for a minute", alone.result));
print(row("the same beside ten who read nothing", disturbed.result));
print(`\nCost of a delivered frame to µStreamer's: ${ratios.join(", ") || "not measured"}`);
print(
  `MiB every ten seconds: ${alone.memory.join(", ")}; with them ${disturbed.memory.join(", ")}`,
);
