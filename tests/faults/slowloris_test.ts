import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";
import { startProgram } from "../support/program.ts";
import { fpsOf, longestPause, StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const HALF_A_REQUEST = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n";
const HALF_A_POST = "POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10000\r\n" +
  "Content-Type: application/json\r\n\r\n";

/** A client that sends one byte a second. */
class Slowpoke implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Resolves when the server ends the connection, with the time that took. Milliseconds. */
  readonly ended: Promise<number>;

  constructor(connection: Deno.TcpConn, begin: string) {
    const encoder = new TextEncoder();
    const openedAt = performance.now();
    this.#connection = connection;
    const send = (text: string) => connection.write(encoder.encode(text)).catch(() => {});
    send(begin);
    this.#timer = setInterval(() => send("a"), 1_000);
    this.ended = (async () => {
      const buffer = new Uint8Array(1024);
      while (await connection.read(buffer).catch(() => null) !== null);
      return performance.now() - openedAt;
    })();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#connection.close();
  }
}

/** Returns the server's connections as the kernel counts them, including half-closed ones. */
async function countConnections(port: number): Promise<number> {
  const { stdout } = await new Deno.Command("ss", { args: ["-tanHO", `sport = :${port}`] })
    .output();
  const states = new TextDecoder().decode(stdout).split("\n").map((line) => line.split(/\s/)[0]);
  // The kernel keeps a connection closed by its peer for a minute, without a descriptor.
  return states.filter((state) => !["", "LISTEN", "TIME-WAIT"].includes(state)).length;
}

const test = findProgram("ss") === null ? Deno.test.ignore : Deno.test;

test("a hundred connections sending one byte a second disturb no one and are ended", async (t) => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  const { port, origin } = program;
  await using viewer = await StreamClient.open(`${origin}/stream`);
  await viewer.next(60, 8_000);
  const before = fpsOf(viewer.parts), from = viewer.parts.length;
  using stack = new DisposableStack();
  const slow: Slowpoke[] = [];
  for (let i = 0; i < 100; i++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    slow.push(stack.use(new Slowpoke(connection, ["", HALF_A_REQUEST][i % 2])));
  }
  const post = stack.use(
    new Slowpoke(await Deno.connect({ hostname: "127.0.0.1", port }), HALF_A_POST),
  );

  await t.step("page loads at once meanwhile", async () => {
    assert.ok(await countConnections(port) > 100);
    for (const path of ["/", "/state", "/snapshot"]) {
      const begun = performance.now();
      const response = await fetch(origin + path);
      await response.bytes();
      assert.equal(response.status, 200);
      const took = performance.now() - begun;
      assert.ok(took < 500, `${path} took ${took} ms`);
    }
  });

  await t.step("slow requests are ended after ten seconds", async () => {
    const times = await Promise.all(slow.map(({ ended }) => ended));
    assert.ok(Math.min(...times) > 9_000, `${Math.min(...times)} ms`);
    assert.ok(Math.max(...times) < 14_000, `${Math.max(...times)} ms`);
    // Connections of the viewer, the slow post, and `fetch`, which keeps one for reuse.
    const countLeft = () => countConnections(port);
    await until("four connections at most", countLeft, (left) => left <= 4, { timeout: 1_000 });
  });

  await t.step("viewer noticed nothing", () => {
    const parts = viewer.parts.slice(from);
    assert.equal(viewer.isOver, false);
    assert.ok(fpsOf(parts) > 0.75 * before, `${fpsOf(parts)} frames a second, ${before} before`);
    assert.ok(longestPause(parts) < 1_000, `a pause of ${longestPause(parts)} ms`);
  });

  await t.step("POST without its body is ended after 15 s", async () => {
    const took = await post.ended;
    assert.ok(took > 14_000 && took < 19_000, `${took} ms`);
  });
});
