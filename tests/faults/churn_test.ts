import assert from "node:assert/strict";
import { openFiles, residentMemory } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { openRaw } from "../support/raw_http.ts";
import { stateOf } from "../support/requests.ts";
import { fpsOf, longestPause, StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** Connections at one time. */
const TOGETHER = 20;

const HEADERS = "Host: 127.0.0.1\r\n";
const HANDSHAKE = `GET /live HTTP/1.1\r\n${HEADERS}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** What a short-lived connection sends, and whether it waits for a response before it closes. */
const VISITS: readonly { readonly sends: string; readonly waits: boolean }[] = [
  { sends: "", waits: false },
  { sends: "GET / HT", waits: false },
  { sends: `GET / HTTP/1.1\r\n${HEADERS}\r\n`, waits: true },
  { sends: `GET / HTTP/1.1\r\n${HEADERS}\r\n`, waits: false },
  { sends: `POST /chat HTTP/1.1\r\n${HEADERS}Content-Length: 50\r\n\r\n{`, waits: false },
  { sends: `GET /stream HTTP/1.1\r\n${HEADERS}\r\n`, waits: true },
  { sends: `GET /stream?quality=low HTTP/1.1\r\n${HEADERS}\r\n`, waits: false },
  { sends: HANDSHAKE, waits: true },
  { sends: HANDSHAKE, waits: false },
  { sends: "\x16\x03\x01 no TLS here \r\n\r\n", waits: true },
];

async function visit(program: Program, { sends, waits }: typeof VISITS[number]): Promise<void> {
  using connection = await openRaw(program, sends);
  if (waits) await connection.read(new Uint8Array(1024)).catch(() => {});
}

/** Opens and closes `count` connections of all kinds in equal parts, a few at a time. */
async function comeAndGo(program: Program, count: number): Promise<void> {
  let begun = 0;
  const visitor = async () => {
    while (begun < count) await visit(program, VISITS[begun++ % VISITS.length]);
  };
  await Promise.all(Array.from({ length: TOGETHER }, visitor));
}

async function untilAllAreGone(program: Program): Promise<void> {
  const countViewers = async () => (await stateOf(program)).viewers;
  await until("all but one to be gone", countViewers, (viewers) => viewers === 1);
}

Deno.test({
  name: "a thousand short connections of all kinds leave nothing behind and disturb no one",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using program = await startProgram([
      "--source=test",
      "--resolution=320x240",
      "--rewind=off",
    ]);
    await using viewer = await StreamClient.open(`${program.origin}/stream`);
    await viewer.next(30, 8_000);
    // Objects made once, by the first connection of each kind.
    await comeAndGo(program, 300);
    await untilAllAreGone(program);
    const memory = await residentMemory(program.pid), descriptors = await openFiles(program.pid);
    const from = viewer.parts.length;

    await comeAndGo(program, 1_000);

    await untilAllAreGone(program);
    const countFiles = () => openFiles(program.pid);
    await until("their descriptors to be free", countFiles, (files) => files <= descriptors);
    const growth = await residentMemory(program.pid) - memory;
    assert.ok(growth < 40, `${growth.toFixed()} MiB more than ${memory.toFixed()} MiB`);
    await viewer.next(30, 3_000);
    const parts = viewer.parts.slice(from);
    assert.ok(longestPause(parts) < 1_000, `a pause of ${longestPause(parts)} ms`);
    assert.ok(fpsOf(parts) > 15, `${fpsOf(parts)} frames a second`);
    assert.doesNotMatch(program.output(), /Uncaught|"level":"(warn|error)"/);
  },
});
