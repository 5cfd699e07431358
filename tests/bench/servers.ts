/** The measured servers, each with its own fake camera that gives 720p30 MJPEG. */
import { setTimeout as delay } from "node:timers/promises";
import { type Camera720Options, openCamera720 } from "../support/camera_720.ts";
import { findProgram } from "../support/find_program.ts";
import { type Program, startProgram } from "../support/program.ts";

/** Runs this program with a camera and these arguments during a measurement. */
export async function withServer<T>(
  args: readonly string[],
  run: (program: Program) => Promise<T>,
  options: Camera720Options = {},
): Promise<T> {
  await using camera = await openCamera720(options);
  // All viewers are on this machine.
  const crowd = "--max-per-address=1000";
  await using program = await startProgram([...camera.options, crowd, ...args]);
  return await run(program);
}

/** Runs µStreamer likewise, which passes on the camera's MJPEG; `null` if not installed. */
export async function withRival<T>(
  run: (rival: { readonly port: number; readonly pid: number }) => Promise<T>,
  options: Camera720Options = {},
): Promise<T | null> {
  const ustreamer = findProgram("ustreamer");
  if (ustreamer === null) return null;
  await using camera = await openCamera720(options);
  const port = 18_081;
  const size = ["--format=MJPEG", "--resolution=1280x720", "--desired-fps=30", "--encoder=HW"];
  const args = [`--device=${camera.device}`, ...size, "--host=0.0.0.0", `--port=${port}`];
  const child = new Deno.Command(ustreamer, {
    args,
    env: camera.environment,
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await delay(2000);
    return await run({ port, pid: child.pid });
  } finally {
    child.kill();
    await child.status;
  }
}

export function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
