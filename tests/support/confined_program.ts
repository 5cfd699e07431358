/**
 * A server that is nothing but a capture, and then tries to start each program it is given: `deno
 * run confined_program.ts PROGRAM…`. Says as JSON what became of each, and what pictures came then.
 */
import { Capture } from "../../src/producers/capture.ts";
import { createLogger } from "../../src/log/log.ts";

let frames = 0;
const capture = new Capture({
  ...{
    source: "test",
    ffmpeg: "ffmpeg",
    width: 320,
    height: 240,
    fps: 30,
    isFpsGiven: false,
    title: "Test",
  },
  log: createLogger({ level: "error", format: "text" }),
  onFrame: () => frames++,
  onState() {},
});
await capture.start();

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
while (frames < before + 10) await new Promise((resolve) => setTimeout(resolve, 20));
const { live } = capture.state;
await capture.stop();
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ outcomes, live })));
