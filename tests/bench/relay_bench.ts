/**
 * Measures a tree of relays: one program with a fake camera of 720p30, two relays, and four more behind these, each on
 * its own machine (a network namespace). Viewers watch at the four. Prints a Markdown table; needs root.
 *
 * The first argument is the number of viewers at each of the four (default: 100), the second the seconds (default: 10).
 */
import { setTimeout as delay } from "node:timers/promises";
import { openCamera720 } from "../support/camera_720.ts";
import { Network } from "../support/network.ts";
import { FROM_SOURCE, type Program, startProgram } from "../support/program.ts";
import { until } from "../support/until.ts";
import { buildLoad, type LoadResult } from "./load.ts";
import { print } from "./servers.ts";

/** Which program each one relays: those before it in the list. */
const PARENTS = [null, 0, 0, 1, 1, 2, 2] as const;
const LEAVES = [3, 4, 5, 6] as const;
const PORT = 8081;
const START_MS = 60_000;

const viewers = Number(Deno.args[0] ?? 100);
const seconds = Number(Deno.args[1] ?? 10);

const program = await buildLoad();
if (!program) {
  print("No load program is beside the project: nothing to measure");
  Deno.exit(0);
}
await using stack = new AsyncDisposableStack();
const network = stack.use(await Network.create(PARENTS.length));
const camera = stack.use(await openCamera720());
for (const [i, parent] of PARENTS.entries()) {
  const machine = network.machines[i];
  const source = parent === null
    ? camera.options
    : [`--source=http://${network.machines[parent].address}:${PORT}/stream`];
  const args = [...source, "--host=0.0.0.0", `--port=${PORT}`, "--max-per-address=1000"];
  stack.use(await startProgram(args, { command: machine.command(...FROM_SOURCE) }) as Program);
}
for (const i of LEAVES) {
  const { address } = network.machines[i];
  const ask = async () => (await (await fetch(`http://${address}:${PORT}/state`)).json()).result;
  await until(`picture at ${address}`, ask, ({ live }) => live, { timeout: START_MS });
}
await delay(2_000);

print("| | viewers | fps min / median | age ms median / p99 |");
print("| --- | --- | --- | --- |");
const watch = async (i: number, count: number): Promise<LoadResult> => {
  const target = [
    network.machines[i].address,
    String(PORT),
    "/stream",
    String(count),
    String(seconds),
  ];
  const { stdout } = await new Deno.Command(program, { args: target }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
};
for (
  const [name, i] of [["camera's program", 0], ["first relay", 1], ["second relay", 3]] as const
) {
  print(row(`${name}, alone`, await watch(i, 1)));
}
const results = await Promise.all(LEAVES.map((i) => watch(i, viewers)));
for (const [k, result] of results.entries()) print(row(`relay ${LEAVES[k]}`, result));
const medians = results.map(({ age_ms }) => age_ms.median).toSorted((a, b) => a - b);
const median = (medians[1] + medians[2]) / 2;
print(
  `\n${viewers * LEAVES.length} viewers: median age ${median.toFixed(0)} ms (at most 120 wanted)`,
);

function row(name: string, { viewers, lost, fps, age_ms }: LoadResult): string {
  const cells = [
    name,
    viewers - lost,
    `${fps.min} / ${fps.median}`,
    `${age_ms.median} / ${age_ms.p99}`,
  ];
  return `| ${cells.join(" | ")} |`;
}
