import assert from "node:assert/strict";
import { type Heap, heapOf } from "../support/heap.ts";
import { type Health, healthOf } from "../support/process_health.ts";
import { productCommand } from "../support/product_command.ts";
import { type Program, startProgram } from "../support/program.ts";
import { StreamClient } from "../support/stream_client.ts";

export const ADMIN_TOKEN = "the-streamers-token-of-the-fuzzer";

/** Without a new frame one is repeated each second. Milliseconds. */
const LONGEST_GAP_MS = 2_500;

/** What may stay: caches that fill, and what the collector has not given back. */
const FILES_MORE = 3;
const HEAP_GROWTH_MIB = 4;
/** What Deno keeps of a WebSocket until its idle timeout has passed, closed or not. */
const HEAP_OF_SOCKET_MIB = 0.03;
const MEMORY_GROWTH_MIB = 100;

/** How long the connections of the last ones may take to be gone. Milliseconds. */
const PATIENCE_MS = 10_000;

/** The seed of a run: that in the environment `FUZZ_SEED`, to have one once more. */
export function fuzzSeed(): number {
  const given = Deno.env.get("FUZZ_SEED");
  return given ? Number(given) : crypto.getRandomValues(new Uint32Array(1))[0];
}

/** The program as people run it, with a viewer who watches from first to last. */
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
      ...["--source=test", "--resolution=320x240", `--admin-token=${ADMIN_TOKEN}`],
      "--trusted-proxy=127.0.0.1",
    ], { command: await productCommand() });
    const seen: number[] = [];
    const viewer = await StreamClient.open({
      port: program.port,
      path: "/stream",
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

  /** What its log says that should not have happened. */
  get errors(): string[] {
    return this.#program.output().split("\n").filter((line) =>
      line.includes('"level":"error"') || /panicked|Uncaught/.test(line)
    );
  }

  /** Remembers how all is. To be called once everything that is done has been done for a while. */
  async remember(): Promise<void> {
    this.#before = await this.#look();
  }

  /**
   * Checks that it is up, that nothing stayed of what came since it was told to remember, that
   * the viewer saw all the time, and that the channel is as it was.
   *
   * @param sockets How many WebSockets there were since then.
   */
  async check({ sockets = 0 } = {}): Promise<void> {
    const before = this.#before!;
    const end = performance.now() + PATIENCE_MS;
    let after = await this.#look();
    while (after.files > before.files + FILES_MORE && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      after = await this.#look();
    }
    assert.ok(
      after.files <= before.files + FILES_MORE,
      `${after.files} files, ${before.files} before`,
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

    assert.equal(this.#viewer.wasCutOff, false, "the viewer was cut off");
    const times = [...this.#seen, performance.now()];
    const gaps = times.slice(1).map((at, i) => at - times[i]);
    const longest = Math.max(...gaps);
    assert.ok(longest < LONGEST_GAP_MS, `a pause of ${longest} ms for the viewer`);

    assert.deepEqual(this.errors, []);
    const snapshot = await fetch(`${this.origin}/snapshot`);
    assert.equal(snapshot.status, 200);
    assert.deepEqual([...(await snapshot.bytes()).subarray(0, 2)], [0xff, 0xd8]);
  }

  /** All that was said. */
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
    const response = await fetch(`${this.origin}/state`);
    const { result } = await response.json();
    const { title, onAir, live, sourceName } = result;
    const channel = JSON.stringify({ title, onAir, live, sourceName, ...await this.#studio() });
    const heap = await heapOf(this.#program.output());
    return { ...await healthOf(this.#program.pid), heap, channel };
  }

  /** What the streamer has set, asked for from an address that guessed no tokens. */
  async #studio() {
    const response = await fetch(`${this.origin}/admin/state`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "x-forwarded-for": "198.51.100.7" },
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

/** Does something so many times, some at a time, each with its number. */
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

/** Bytes as a person can read and paste them. */
export function readable(bytes: Uint8Array): string {
  const text = JSON.stringify(String.fromCharCode(...bytes.subarray(0, 3000)));
  return text.replace(/[\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
}
