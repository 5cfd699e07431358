/**
 * Runs viewers who come and go for some minutes while the camera and ffmpeg fail: `deno run main.ts
 * MINUTES SEED`. Prints a table, writes a plot and rows into tests/output, and exits with 1 if a
 * condition did not hold.
 */
import { report, writeRows } from "./report.ts";
import { soak } from "./soak.ts";
import { judge } from "./verdict.ts";

const [minutes = "10", seed = String(crypto.getRandomValues(new Uint32Array(1))[0])] = Deno.args;

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

if (!(Number(minutes) > 0)) {
  print(`Set MINUTES to a number above 0: ${minutes}`);
  Deno.exit(2);
}
print(`A soak of ${minutes} minutes, with seed ${seed}`);
const record = await soak({ seconds: 60 * Number(minutes), people: 36, seed: Number(seed) });
const verdicts = judge(record);
print(report(record, verdicts));
for (const path of await writeRows(record, "soak")) print(path);
if (!verdicts.every(({ holds }) => holds)) Deno.exit(1);
