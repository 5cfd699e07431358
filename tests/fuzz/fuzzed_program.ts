import assert from "node:assert/strict";
import { type Heap, heapOf } from "../support/heap.ts";
import { type Health, healthOf } from "../support/process_health.ts";
import { productCommand } from "../support/product_command.ts";
import { type Program, startProgram } from "../support/program.ts";
import { AS_STREAMER, stateOf } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** Without a new frame, the last one is repeated every second. Milliseconds. */
const LONGEST_GAP_MS = 2_500;

/** Allowed growth: caches, and memory not yet returned by the garbage collector. */
const FILES_MORE = 3;
const HEAP_GROWTH_MIB = 4;
/** What Deno keeps of a WebSocket until its idle timeout, even after it closes. */
const HEAP_OF_SOCKET_MIB = 0.03;
const MEMORY_GROWTH_MIB = 100;

/** How long the last connections may take to close. Milliseconds. */
const PATIENCE_MS = 10_000;

/** Returns the run's seed: `FUZZ_SEED` from the environment, which repeats a run, or a random one. */
export function fuzzSeed(): number {
  const given = Deno.env.get("FUZZ_SEED");
  return given ? Number(given) : crypto.getRandomValues(new Uint32Array(1))[0];
}

/** The real program, with one session open for the whole run. */
export class FuzzedProgram implements AsyncDisposable {
  readonly #program: Program;
  readonly #viewer: StreamClient;
  readonly #seen: number[];
  #before: (Health & { readonly heap: Heap | null; readonly channel: string }) | null = null;

  private constructor(program: Program, viewer: StreamClient, seen: number[]) {
    this.#program = program;
    this.#viewer = viewer;
    this.#seen = seen;
  }

  static async start(): Promise<FuzzedProgram> {
    const program = await startProgram([
      ...["--source=test", "--resolution=320x240", "--trusted-proxy=127.0.0.1"],
    ], { command: await productCommand() });
    const seen: number[] = [];
    const viewer = await StreamClient.open(`${program.origin}/stream`, {
      onFrame: ({ at }) => seen.push(at),
    });
    return new FuzzedProgram(program, viewer, seen);
  }

  get port(): number {
    return this.#program.port;
  }

  get origin(): string {
    return this.#program.origin;
  }

  /** Log lines that should not occur. */
  get errors(): string[] {
    return this.#program.output().split("\n").filter((line) =>
      line.includes('"level":"error"') || /panicked|Uncaught/.test(line)
    );
  }

  /** Records the current state. Call it after a warm-up with the same work. */
  async remember(): Promise<void> {
    this.#before = await this.#look();
  }

  /**
   * Checks that the program is up, has released everything since `remember`, streamed to the viewer
   * all the time, and that the channel is unchanged.
   *
   * @param sockets Number of WebSockets opened since then.
   */
  async check({ sockets = 0 } = {}): Promise<void> {
    const before = this.#before!;
    const after = await until(
      `at most ${before.files + FILES_MORE} open files`,
      () => this.#look(),
      ({ files }) => files <= before.files + FILES_MORE,
      { timeout: PATIENCE_MS, every: 500 },
    );
    assert.equal(after.workers, before.workers);
    assert.equal(after.channel, before.channel);
    const growth = after.memory - before.memory;
    assert.ok(growth < MEMORY_GROWTH_MIB, `${growth} MiB more than ${before.memory}`);
    if (after.heap && before.heap) {
      const growth = after.heap.objects - before.heap.objects;
      const limit = HEAP_GROWTH_MIB + HEAP_OF_SOCKET_MIB * sockets;
      assert.ok(growth < limit, `${growth} MiB of heap more than ${before.heap.objects}`);
    }

    assert.equal(this.#viewer.isOver, false, "the viewer was cut off");
    const times = [...this.#seen, performance.now()];
    const gaps = times.slice(1).map((at, i) => at - times[i]);
    const longest = Math.max(...gaps);
    assert.ok(longest < LONGEST_GAP_MS, `a pause of ${longest} ms for the viewer`);

    assert.deepEqual(this.errors, []);
    const snapshot = await fetch(`${this.origin}/snapshot`);
    assert.equal(snapshot.status, 200);
    assert.deepEqual([...(await snapshot.bytes()).subarray(0, 2)], [0xff, 0xd8]);
  }

  /** Everything in the log. */
  async chat(): Promise<{ readonly id: number; readonly name: string; readonly text: string }[]> {
    const all = [];
    for (let path = "/chat"; path !== "";) {
      const { chat, more } = await (await fetch(this.origin + path)).json();
      all.push(...chat);
      path = more ? `/chat?before=${chat[0].id}` : "";
    }
    return all;
  }

  async #look() {
    const { title, onAir, live, sourceName } = await stateOf(this);
    const channel = JSON.stringify({ title, onAir, live, sourceName, ...await this.#studio() });
    const heap = await heapOf(this.#program.output());
    return { ...await healthOf(this.#program.pid), heap, channel };
  }

  /** Returns what the streamer has set, requested from an address without wrong tokens. */
  async #studio() {
    const response = await fetch(`${this.origin}/admin/state`, {
      headers: { ...AS_STREAMER, "x-forwarded-for": "198.51.100.7" },
    });
    const { blockedWords, bans, source } = await response.json();
    assert.equal(response.status, 200);
    return { blockedWords, bans, source };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#viewer[Symbol.asyncDispose]();
    await this.#program[Symbol.asyncDispose]();
  }
}

/** Runs `action` `count` times with its index, a few at a time. */
export async function some(
  count: number,
  atOnce: number,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await run(next++);
  }));
}

/** Returns bytes in a form that people can read and paste. */
export function readable(bytes: Uint8Array): string {
  const text = JSON.stringify(String.fromCharCode(...bytes.subarray(0, 3000)));
  return text.replace(/[\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
}
