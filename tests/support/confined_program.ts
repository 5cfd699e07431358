import { setTimeout as delay } from "node:timers/promises";
/**
 * A server that is nothing but a capture, and then tries to start each program it is given: `deno
 * run confined_program.ts PROGRAM…`. Says as JSON what became of each, and what pictures came then.
 */
import { createLogger } from "../../src/log/log.ts";
import { Switcher } from "../../src/producers/switcher.ts";
import { switcherOptions } from "./switcher_options.ts";

let frames = 0;
const log = createLogger({ level: "error", format: "text" });
const switcher = new Switcher(switcherOptions({ source: "test" }, log));
(async () => {
  for await (const _ of switcher.packets()) frames++;
})();
await switcher.start();

async function outcomeOf(program: string): Promise<string> {
  try {
    const output = { stdout: "null", stderr: "null" } as const;
    const { code } = await new Deno.Command(program, { args: ["-version"], ...output }).output();
    return `exit code ${code}`;
  } catch (error) {
    return (error as Error).name;
  }
}

const outcomes: Record<string, string> = {};
for (const program of Deno.args) outcomes[program] = await outcomeOf(program);
const before = frames;
while (frames < before + 10) await delay(20);
const { live } = switcher.state;
await switcher.stop();
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ outcomes, live })));
