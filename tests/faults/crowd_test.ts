import assert from "node:assert/strict";
import { type Program, residentMemory, startProgram } from "../support/program.ts";
import { Watcher } from "../support/watcher.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

async function stateOf(program: Program) {
  return (await (await fetch(`${program.origin}/state`)).json()).result;
}

async function untilViewers(program: Program, count: number): Promise<void> {
  const end = performance.now() + 2_000;
  while ((await stateOf(program)).viewers !== count) {
    assert.ok(performance.now() < end, `not ${count} viewers within 2 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("viewer beyond the limit gets 503, and gets in when another leaves", async () => {
  await using program = await startProgram([...SOURCE, "--max-viewers=2"]);
  const { origin } = program;
  await using first = await Watcher.open(`${origin}/stream`);
  const second = await Watcher.open(`${origin}/stream`);
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
  await using third = await Watcher.open(`${origin}/stream`);
  await Promise.all([third.next(5, 3_000), first.next(5, 3_000)]);
});

/** Viewers who open a stream one after another and leave; every third reads some of it. */
async function comeAndGo({ port }: Program, count: number): Promise<void> {
  const encoder = new TextEncoder();
  for (let i = 0; i < count; i++) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const query = ["", "?quality=low", "?mode=gaming", "?fps=5"][i % 4];
    await connection.write(
      encoder.encode(`GET /stream${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
    );
    if (i % 3 === 0) await connection.read(new Uint8Array(1024));
  }
}

async function openFiles({ pid }: Program): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

Deno.test("a thousand passing viewers leave nothing behind", async () => {
  await using program = await startProgram([...SOURCE, "--max-viewers=50"]);
  await using viewer = await Watcher.open(`${program.origin}/stream`);
  // The heap reaches its working size after about this many.
  await comeAndGo(program, 1_000);
  await untilViewers(program, 1);
  const before = { memory: await residentMemory(program.pid), files: await openFiles(program) };
  await comeAndGo(program, 1_000);
  await untilViewers(program, 1);
  const growth = await residentMemory(program.pid) - before.memory;
  assert.ok(growth < 40, `${growth.toFixed()} MiB more than ${before.memory.toFixed()} MiB`);
  const files = await openFiles(program);
  assert.ok(files < before.files + 10, `${files} open files, ${before.files} before`);
  await viewer.next(10, 2_000);
});
