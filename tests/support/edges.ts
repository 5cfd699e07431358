import { Edge, edgePlaces } from "./edge.ts";
import { type Program, startProgram } from "./program.ts";
import { until } from "./until.ts";

/** Runs the program with HLS of the test picture, and edges before it. */
export async function withEdges(
  count: number,
  run: (edges: readonly Edge[], program: Program) => Promise<void>,
): Promise<void> {
  await using program = await startProgram(["--hls", "--source=test", "--host=0.0.0.0"]);
  const places = edgePlaces(count);
  await using stack = new AsyncDisposableStack();
  const edges: Edge[] = [];
  for (const place of places) {
    edges.push(stack.use(await Edge.start(place, program.port, places)));
  }
  await until(
    "the first segments",
    async () => {
      const response = await fetch(`http://${edges[0].address}/hls/live.m3u8`);
      return (await response.text()).includes("low.m3u8");
    },
    Boolean,
    { timeout: 30_000, every: 500 },
  );
  await run(edges, program);
}
