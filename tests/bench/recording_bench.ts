/** Prints how much of a core a recording costs, with the encoder, beyond the same server without one. */
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { startProgram } from "../support/program.ts";

const WARM_UP_MS = 8_000;
const MEASURED_MS = 20_000;

/** Of Linux. Milliseconds. */
const CLOCK_TICK_MS = 10;

/** Returns the processor time of a process and its children so far, in milliseconds. */
function processorTime(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1].split(" ");
  const own = (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  const children = Array.from(
    Deno.readDirSync(`/proc/${pid}/task`),
    ({ name }) => Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).trim().split(" "),
  )
    .flat().filter((child) => child !== "");
  return children.reduce((sum, child) => sum + processorTime(Number(child)), own);
}

/** Measures the program with these arguments; returns cores. */
async function coresWith(args: readonly string[]): Promise<number> {
  await using program = await startProgram(["--source", "test", ...args]);
  await delay(WARM_UP_MS);
  const before = processorTime(program.pid), begun = performance.now();
  await delay(MEASURED_MS);
  return (processorTime(program.pid) - before) / (performance.now() - begun);
}

const without = await coresWith([]);
for (const codec of ["copy", "h264"]) {
  using folder = temporaryFolder();
  const cores = await coresWith(["--record", folder.path, "--record-codec", codec]);
  // deno-lint-ignore no-console
  console.log(`${codec}: ${(cores - without).toFixed(3)} cores beyond ${without.toFixed(3)}`);
}
