import assert from "node:assert/strict";
import { openFiles, residentMemory } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { stateOf } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

async function untilViewers(program: Program, count: number): Promise<void> {
  const countViewers = async () => (await stateOf(program)).viewers;
  const isCount = (viewers: number) => viewers === count;
  await until(`${count} viewers`, countViewers, isCount, { timeout: 2_000 });
}

Deno.test("viewer beyond the limit gets 503, and gets in when another leaves", async () => {
  await using program = await startProgram([...SOURCE, "--max-viewers=2"]);
  const { origin } = program;
  await using first = await StreamClient.open(`${origin}/stream`);
  const second = await StreamClient.open(`${origin}/stream`);
  await second.next(1, 3_000);

  const refused = await fetch(`${origin}/stream`);
  assert.equal(refused.status, 503);
  assert.match(refused.headers.get("retry-after")!, /^\d+$/);
  assert.match((await refused.json()).detail, /^Try again later/);
  // Everything but streams is open to everyone.
  const head = await fetch(`${origin}/stream`, { method: "HEAD" });
  assert.equal(head.status, 200);
  const snapshot = await fetch(`${origin}/snapshot`);
  assert.equal(snapshot.status, 200);
  await snapshot.body?.cancel();

  await second[Symbol.asyncDispose]();
  await untilViewers(program, 1);
  await using third = await StreamClient.open(`${origin}/stream`);
  await Promise.all([third.next(5, 3_000), first.next(5, 3_000)]);
});

/** Viewers who open a stream one after another and leave; every third reads some of it. */
async function comeAndGo(program: Program, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const query = ["", "?quality=low", "?mode=gaming", "?fps=5"][i % 4];
    const request = requestOf(`GET /stream${query} HTTP/1.1`, "Host: localhost");
    using connection = await openRaw(program, request);
    if (i % 3 === 0) await connection.read(new Uint8Array(1024));
  }
}

Deno.test("a thousand passing viewers leave nothing behind", async () => {
  await using program = await startProgram([...SOURCE, "--max-viewers=50", "--rewind=off"]);
  await using viewer = await StreamClient.open(`${program.origin}/stream`);
  // The heap reaches its working size after about this many.
  await comeAndGo(program, 1_000);
  await untilViewers(program, 1);
  const before = { memory: await residentMemory(program.pid), files: await openFiles(program.pid) };
  await comeAndGo(program, 1_000);
  await untilViewers(program, 1);
  const growth = await residentMemory(program.pid) - before.memory;
  assert.ok(growth < 40, `${growth.toFixed()} MiB more than ${before.memory.toFixed()} MiB`);
  const files = await openFiles(program.pid);
  assert.ok(files < before.files + 10, `${files} open files, ${before.files} before`);
  await viewer.next(10, 2_000);
});
