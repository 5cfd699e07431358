import { setTimeout as delay } from "node:timers/promises";
import { openCamera720 } from "../support/camera_720.ts";
import { isRunning } from "../support/is_running.ts";
import { productCommand } from "../support/product_command.ts";
import { type Program, startProgram } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { Acknowledged } from "./acknowledged.ts";
import { Crowd } from "./crowd.ts";
import { Faults } from "./faults.ts";
import { databaseBytes, healthOf } from "../support/process_health.ts";
import { censusOf, heapOf } from "../support/heap.ts";
import { pause } from "../support/pause.ts";
import type { Rest, Sample, SoakRecord } from "./record.ts";
import { seatSteadyViewers, type SteadyViewer } from "./steady.ts";

export interface SoakOptions {
  /** How long viewers come and go, including warm-up. */
  readonly seconds: number;
  /** Visitors at one time, besides the steady viewers. */
  readonly people: number;
  readonly seed: number;
}

/** Share of the time for warm-up, which is not judged, and its maximum in seconds. */
const WARM_UP = { share: 0.25, atMost: 60 };

/** Period of a round of all faults. Seconds. */
const CYCLE_S = 100;

/** Maximum time for everything to be released. Milliseconds. */
const REST_MS = 15_000;

/** Time after which no viewer's connection remains. Milliseconds. */
const CALM_MS = 2_000;

/** Deno keeps a WebSocket's objects until its idle timeout, even after it closes. */
const FORGOTTEN_MS = 32_000;

/** Runs viewers who come and go, causes faults, and records the results. */
export async function soak({ seconds, people, seed }: SoakOptions): Promise<SoakRecord> {
  const random = new Random(seed);
  const folder = await Deno.makeTempDir({ prefix: "soak_" });
  const data = `${folder}/livestream.db`;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const camera = stack.use(await openCamera720({ quantiser: 9 }));
  const start = async () =>
    await startProgram([
      ...[`--source=${camera.device}`, `--data=${data}`],
      // Lets each visitor have their own address.
      "--trusted-proxy=127.0.0.1",
      // So little that what it keeps does not count as left behind.
      "--rewind=1s",
    ], { command: await productCommand(), env: { PATH: camera.searchPath } });

  const beganAt = performance.now();
  const now = () => (performance.now() - beganAt) / 1000;
  const program = stack.use(await start());
  const beganTime = Date.now() - now() * 1000;
  const { origin, port } = program;
  const acknowledged = new Acknowledged();
  const tally = new Map<string, number>();
  const complaints: string[] = [];
  const place = { port, origin, acknowledged, tally, complaints };
  const faults = new Faults({ camera, origin, now });

  const steady: SteadyViewer[] = [];
  const sampler = stack.use(new Sampler(program, steady, now));
  const warmUp = Math.min(WARM_UP.share * seconds, WARM_UP.atMost);
  {
    await using _crowd = new Crowd(place, people, random.fork());
    await delay(warmUp * 1000);
  }
  const before = await restOf(program, data);

  const watched = { from: 0, to: 0 };
  {
    await using leaving = new AsyncDisposableStack();
    steady.push(...await seatSteadyViewers({ ...place, closing: neverClosing }, random, leaving));
    watched.from = now();
    leaving.use(new Crowd(place, people, random.fork()));
    await breakThings(faults, seconds - warmUp);
    watched.to = now();
    for (const { name, stream } of steady) {
      if (stream.isOver) complaints.push(`A steady viewer was cut off: ${name}`);
    }
  }
  const after = await restOf(program, data, before);
  await sampler[Symbol.asyncDispose]();
  const { counters } = await stateOf(program);
  const left = await leftOf(program);

  const stopping = performance.now();
  program.kill("SIGTERM");
  const { code } = await program.status;
  const milliseconds = performance.now() - stopping;
  const orphans = (await Promise.all((await camera.pids()).map(isRunning))).filter(Boolean).length;
  const end = { code, milliseconds, orphans, database: await databaseBytes(data) };
  await using again = await start();
  const missing = await acknowledged.missingFrom(again.origin);
  const census = { after: left, anew: await censusOf(again.output()) };

  return {
    ...{ samples: sampler.samples, seconds, faults: faults.times, steady, beganAt, watched },
    ...{ before, after, tally, complaints, end, missing, census, dropped: counters.stalled },
    log: linesOf(program.output(), beganTime),
    acknowledged: {
      messages: acknowledged.messages.size,
      donations: acknowledged.donations.size,
    },
  };
}

const neverClosing = new AbortController().signal;

/** Causes every fault once, or repeatedly in a long soak, spread evenly. */
async function breakThings(faults: Faults, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const count = faults.count * Math.max(1, Math.round(seconds / CYCLE_S));
  // The soak ends with a while without faults.
  const begun = performance.now(), step = seconds * 1000 / (count + 0.5);
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, begun + (i + 0.25) * step - performance.now()));
    await faults.make(i);
  }
  await delay(Math.max(0, end - performance.now()));
}

/** Returns what the server holds after everyone left, once that is down to the earlier level. */
async function restOf(program: Program, data: string, before?: Rest): Promise<Rest> {
  const end = performance.now() + REST_MS;
  await delay(CALM_MS);
  const look = async (): Promise<Rest> => {
    const heap = await heapOf(program.output());
    const { stream } = await stateOf(program);
    const database = await databaseBytes(data);
    return { ...await healthOf(program.pid), heap, viewers: stream.clients, database };
  };
  const isCalm = ({ viewers, files }: Rest) =>
    viewers === 0 && (!before || files <= before.files) || performance.now() > end;
  return await until("everyone to be gone", look, isCalm, { timeout: Infinity, every: 1000 });
}

/** Returns the remaining objects of each class; `null` for the executable, without inspector. */
async function leftOf(program: Program): Promise<ReadonlyMap<string, number> | null> {
  if (!await heapOf(program.output())) return null;
  await delay(FORGOTTEN_MS);
  await heapOf(program.output());
  return await censusOf(program.output());
}

/** Takes a sample every second. */
class Sampler implements AsyncDisposable {
  readonly samples: Sample[] = [];
  readonly #over = new AbortController();
  readonly #run: Promise<void>;
  #pause = 0;

  constructor(program: Program, steady: readonly SteadyViewer[], now: () => number) {
    // What fails the soak is thrown elsewhere, with a word of what it saw.
    this.#run = this.#sample(program, steady, now).catch((error) => {
      const words = `Sampling ended: ${error}. The program's last words:\n${
        program.output().slice(-2_000)
      }\n`;
      Deno.stderr.writeSync(new TextEncoder().encode(words));
    });
  }

  async #sample(program: Program, steady: readonly SteadyViewer[], now: () => number) {
    const heartbeat = this.#watchPauses();
    for (let next = now() + 1; !this.#over.signal.aborted; next++) {
      await pause(Math.max(0, next - now()) * 1000, this.#over.signal);
      const { children: _, ...health } = await healthOf(program.pid);
      const { stream, source } = await stateOf(program);
      const since = performance.now() - 1000;
      const fps = steady.map(({ frames }) => {
        let count = 0;
        for (let i = frames.length - 1; i >= 0 && frames[i].at > since; i--) count++;
        return count;
      });
      this.samples.push({
        ...{ ...health, at: now(), viewers: stream.clients, fps, pause: this.#pause },
        captured: source.captured_fps,
      });
      this.#pause = 0;
    }
    clearInterval(heartbeat);
  }

  #watchPauses() {
    let last = performance.now();
    return setInterval(() => {
      const at = performance.now();
      this.#pause = Math.max(this.#pause, at - last - 50);
      last = at;
    }, 50);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#run;
  }
}

/** Returns the log lines, with the second at which each was written. */
function linesOf(output: string, beganTime: number): SoakRecord["log"] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { time, level, message } = JSON.parse(line);
    return [{ at: (Date.parse(time) - beganTime) / 1000, level, message }];
  });
}
