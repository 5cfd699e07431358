import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { startProgram } from "../support/program.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { fpsOf, longestPause, StreamClient } from "../support/stream_client.ts";

/** Connections that request each path in a loop. */
const CONNECTIONS = 100;
const PATHS = ["/", "/chat", "/qr.svg", "/state", "/css/base.css", "/nothing"];
const FLOOD_MS = 4_000;

/** Requests in a loop over one connection until `isOver`. Returns the number of responses. */
async function ask(port: number, path: string, isOver: () => boolean): Promise<number> {
  const request = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const buffer = new Uint8Array(1 << 16);
  let answers = 0;
  while (!isOver()) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    try {
      for (let isOpen = true; isOpen && !isOver();) {
        await connection.write(request);
        let left = Infinity, head = "";
        while (left > 0) {
          const count = await connection.read(buffer);
          if (count === null) break;
          if (left === Infinity) {
            head += new TextDecoder("latin1").decode(buffer.subarray(0, count));
          } else left -= count;
          const [, length] = /content-length: (\d+)[^]*?\r\n\r\n/i.exec(head) ?? [];
          if (left === Infinity && length !== undefined) {
            left = Number(length) - (head.length - head.indexOf("\r\n\r\n") - 4);
          }
        }
        answers++;
        isOpen = left <= 0 && !/connection: close/i.test(head);
      }
    } catch {
      // The server cut it; another connection follows.
    }
  }
  return answers;
}

Deno.test("endless page requests disturb no viewer", async (t) => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=640x360",
    "--max-per-address=40",
  ]);
  const { origin, port } = program;
  await using viewer = await StreamClient.open(`${origin}/stream`);
  await viewer.next(60, 8_000);
  const before = fpsOf(viewer.parts), from = viewer.parts.length;
  const end = performance.now() + FLOOD_MS;
  const isOver = () => performance.now() > end;
  const floods = Array.from(
    { length: CONNECTIONS * PATHS.length },
    (_, i) => ask(port, PATHS[i % PATHS.length], isOver),
  );

  await t.step("viewers keep their frames", async () => {
    await delay(FLOOD_MS);
    const parts = viewer.parts.slice(from);
    const fps = fpsOf(parts);
    assert.ok(fps >= 0.85 * before, `${fps} frames a second, ${before} before`);
    assert.ok(longestPause(parts) < 700, `a pause of ${longestPause(parts)} ms`);
  });

  await t.step("requests are rate-limited", async () => {
    const answers = (await Promise.all(floods)).reduce((sum, count) => sum + count, 0);
    assert.ok(answers < 200 + 1.6 * FLOOD_MS, `${answers} answers`);
  });

  await t.step("page loads at once afterwards", async () => {
    await delay(500);
    const begun = performance.now();
    const response = await fetch(origin, { headers: { connection: "close" } });
    assert.equal(response.status, 200);
    await response.text();
    assert.ok(performance.now() - begun < 3_000);
  });
});

Deno.test("connections of one address are limited with a reason", async () => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
    "--max-per-address=2",
  ]);
  const { origin } = program;
  using stack = new DisposableStack();
  const request = requestOf("GET /css/base.css HTTP/1.1", "Host: localhost");
  const connect = async () => {
    const connection = stack.use(await openRaw(program, request));
    const buffer = new Uint8Array(1 << 14);
    const count = await connection.read(buffer);
    return new TextDecoder().decode(buffer.subarray(0, count ?? 0)).split("\r\n")[0];
  };
  for (let i = 0; i < 16; i++) assert.match(await connect(), / 200 /);
  const refused = await fetch(`${origin}/state`, { headers: { connection: "close" } });
  assert.equal(refused.status, 503);
  assert.match(refused.headers.get("connection")!, /^close/);
  assert.match((await refused.json()).detail, /^Close other pages: too many connections/);
});
