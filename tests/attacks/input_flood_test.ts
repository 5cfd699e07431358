import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { startSecureProgram } from "../support/secure_program.ts";
import { fpsOf, longestPause, StreamClient } from "../support/stream_client.ts";

const ARGS = ["--source=test", "--resolution=320x240"];
const SECONDS = 2.5;

/** Start of an HTTP/2 connection with an empty SETTINGS frame (RFC 9113 section 3.4). */
const PREFACE = [
  ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  0,
  0,
  0,
  4,
  0,
  0,
  0,
  0,
  0,
];

/** An empty frame of an unknown type, which must be ignored (section 5.5). */
const UNKNOWN_FRAME = [0, 0, 0, 99, 0, 0, 0, 0, 0];

/** An empty, masked pong (RFC 6455 section 5.5.3). */
const PONG = [0x8a, 0x80, 0, 0, 0, 0];

/** Sends as fast as possible, on one connection after another, until the server ends each. */
async function flood(open: () => Promise<Deno.Conn>, frame: readonly number[]): Promise<number> {
  const bytes = new Uint8Array(Array.from({ length: 20_000 }, () => frame).flat());
  let connections = 0;
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end;) {
    try {
      using connection = await open();
      connections++;
      while (performance.now() < end) {
        for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
      }
    } catch {
      // The server ended it.
    }
  }
  return connections;
}

/** Watches as a viewer during the attack. */
async function disturbing(
  watcher: StreamClient,
  attack: () => Promise<number>,
): Promise<{ fps: number; longest: number; connections: number }> {
  await watcher.next(30, 8_000);
  const from = watcher.parts.length;
  const connections = await attack();
  const parts = watcher.parts.slice(from);
  return { fps: fpsOf(parts), longest: longestPause(parts), connections };
}

function check({ fps, longest, connections }: Awaited<ReturnType<typeof disturbing>>): void {
  const seen = `${fps} frames a second, a pause of ${longest} ms, ${connections} connections`;
  assert.ok(fps > 10 && longest < 1_500, seen);
  assert.ok(connections > 1, seen);
}

Deno.test({
  name: "flood of meaningless HTTP/2 frames does not stop the stream",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using program = await startSecureProgram(ARGS);
    const { port, cert, origin } = program;
    await using watcher = await StreamClient.open(`${origin}/stream`, { cert });
    const open = async () => {
      const options = { hostname: "127.0.0.1", port, caCerts: [cert], alpnProtocols: ["h2"] };
      const connection = await Deno.connectTls(options);
      await connection.write(new Uint8Array(PREFACE));
      return connection;
    };
    check(await disturbing(watcher, () => flood(open, UNKNOWN_FRAME)));
  },
});

Deno.test({
  name: "flood of WebSocket pongs does not stop the stream",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using program = await startProgram(ARGS);
    const { port, origin } = program;
    await using watcher = await StreamClient.open(`${origin}/stream`);
    const handshake = requestOf(
      "GET /live HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      ...["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    );
    const open = async () => {
      const connection = await openRaw(program, handshake);
      await connection.read(new Uint8Array(1 << 16));
      return connection;
    };
    check(await disturbing(watcher, () => flood(open, PONG)));
  },
});
