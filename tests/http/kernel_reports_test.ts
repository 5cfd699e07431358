import assert from "node:assert/strict";
import { socketKey } from "../../src/net/socket_key.ts";
import type { SocketStatistics } from "../../src/net/socket_statistics.ts";
import { findProgram } from "../support/find_program.ts";
import { figuresBySs } from "../support/ss.ts";
import { startTestServer, TINY_JPEG } from "../support/test_server.ts";
import { until } from "../support/until.ts";

/** A frame of 100 kB. */
const FRAME = new Uint8Array(100_000);
FRAME.set(TINY_JPEG);

const hasSs = findProgram("ss") !== null;

Deno.test({
  name: "kernel reports of a client that stops reading, and reads on, are those of its connection",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await startTestServer();
    server.audience.kernel.start();
    using client = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const key = socketKey(client.localAddr);
    const request = `GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    await client.write(new TextEncoder().encode(request));
    const [session] = await until(
      "a session",
      () => [...server.audience.viewers],
      (all) => all.length === 1,
    );
    const { traffic } = session;
    const reports: { readonly socket: SocketStatistics; readonly written: number }[] = [];
    const take = traffic.acknowledgeByKernel.bind(traffic);
    traffic.acknowledgeByKernel = (socket, at) => {
      reports.push({ socket, written: traffic.written });
      take(socket, at);
    };
    const publishing = setInterval(() => server.program.publish(FRAME), 5);
    await until("a full window", () => reports.at(-1)?.socket.windowClosed ?? 0, (ms) => ms > 200);
    clearInterval(publishing);
    // What the session and the HTTP library hold still moves for a moment. Then all who look see the same.
    const look = async () => {
      const own = server.connections.statisticsOf(key)!;
      const bySs = hasSs ? await figuresBySs(`sport = :${server.port}`) : own;
      return { own, seen: [own, bySs, reports.at(-1)!.socket].map(figuresOf) };
    };
    const { own: { queued, unsent, acknowledged = 0, window } } = await until(
      "the same figures from the kernel, ss and the last report",
      look,
      ({ seen }) => new Set(seen).size === 1,
    );
    assert.ok(queued > 0 && unsent > 0 && unsent <= queued, `${queued}, ${unsent}`);
    assert.equal(window, 0);
    const last = reports.at(-1)!;
    // The head of the response and what frames the chunks come on top of what the session wrote; what
    // the HTTP library has is missing.
    assert.ok(acknowledged + queued <= last.written * 1.02 + 1000);

    let read = 0;
    const buffer = new Uint8Array(1 << 20);
    while (read < acknowledged + queued) read += (await client.read(buffer))!;
    const after = await until(
      "everything to have arrived",
      () => server.connections.statisticsOf(key)!,
      (socket) => socket.queued === 0,
    );
    assert.ok(after.acknowledged! >= read, `${after.acknowledged} of ${read}`);
    assert.equal(after.unsent, 0);
    assert.notEqual(after.window, 0);
    server.audience.kernel.stop();
  },
});

function figuresOf({ queued, unsent, acknowledged }: SocketStatistics): string {
  return [queued, unsent, acknowledged].join();
}
