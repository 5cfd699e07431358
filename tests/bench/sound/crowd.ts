import { setTimeout as delay } from "node:timers/promises";
import { openCamera720 } from "../../support/camera_720.ts";
import { healthOf } from "../../support/process_health.ts";
import { type SeenFrame, StreamClient } from "../../support/stream_client.ts";
import { startTalkingProgram } from "../../support/talking_program.ts";
import { quantiles } from "./quantiles.ts";

const LISTENERS = new URL("./listeners.ts", import.meta.url).pathname;
/** All pages are connected, and the first seconds are over. Milliseconds. */
const SETTLING_MS = 5000;

export interface CrowdFigures {
  /** Cores of the server alone. */
  readonly cores: number;
  /** Frames a second of one viewer. */
  readonly fps: number;
  /** The median age of its frames. Milliseconds. */
  readonly age: number;
  /** Packets a second that the page with the fewest got. */
  readonly packets: number;
}

/** Measures the server and one viewer's picture while that many pages listen, or are only connected. */
export async function crowd(
  pages: number,
  listen: boolean,
  seconds: number,
): Promise<CrowdFigures> {
  await using camera = await openCamera720();
  const limits = ["--max-viewers=1000", "--max-per-address=1000"];
  await using talking = await startTalkingProgram([...camera.options, ...limits]);
  const { program } = talking;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--allow-all", LISTENERS],
      ...[program.origin, String(pages), listen ? "listen" : "stay"],
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await output.read();
  if (!value?.startsWith("ready")) throw new Error(`The listeners could not connect: ${value}`);
  const begun = performance.now();
  const frames: SeenFrame[] = [];
  await using _viewer = await StreamClient.open(`${program.origin}/stream`, {
    onFrame: (frame) => frames.push(frame),
  });
  await delay(SETTLING_MS);
  frames.length = 0;
  const before = (await healthOf(program.pid)).cpu, from = performance.now();
  await delay(seconds * 1000);
  const took = (performance.now() - from) / 1000;
  const cores = ((await healthOf(program.pid)).cpu - before) / took;
  const seen = [...frames];
  const listened = (performance.now() - begun) / 1000;
  await child.stdin.close();
  const { value: counts = "" } = await output.read();
  await output.cancel();
  await child.status;
  return {
    cores,
    fps: seen.length / took,
    age: quantiles(seen.map(({ age }) => age)).median,
    packets: JSON.parse(counts).least / listened,
  };
}
