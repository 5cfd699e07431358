import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { startProgram } from "../support/program.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** The program alone has about 35 files open. */
const LIMIT = 80;

/** Prefix that runs a command with a hard limit on descriptors. */
const LIMITED = ["sh", "-c", `ulimit -n ${LIMIT}; exec "$@"`, "sh"] as const;

/** Returns the response's status, or `null` if the connection is refused or cut. */
async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { headers: { connection: "close" } });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** Waits until there is a descriptor for one more connection. */
async function untilServed(origin: string): Promise<void> {
  const ask = () => statusOf(`${origin}/state`);
  await until("a response", ask, (status) => status === 200, { timeout: 5_000 });
}

Deno.test("exhausted descriptors keep present viewers, and admit others once some are free", async (t) => {
  const command = [...LIMITED, Deno.execPath(), "run", "-A", "main.ts"] as const;
  const source = ["--source=test", "--resolution=320x240"];
  await using program = await startProgram(source, { command });
  const { origin, port } = program;
  await using viewer = await StreamClient.open(`${origin}/stream`);
  await viewer.next(20, 8_000);

  await t.step("more idle connections than descriptors", async () => {
    const idle: Deno.TcpConn[] = [];
    for (let i = 0; i < 2 * LIMIT; i++) {
      // Connections beyond the limit are refused.
      const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => null);
      if (connection) idle.push(connection);
    }
    assert.ok(idle.length > LIMIT / 4, `${idle.length} connections`);
    await viewer.next(20, 3_000);
    // These connections stay open, yet there is room soon.
    await untilServed(origin);
    await using newcomer = await StreamClient.open(`${origin}/stream`);
    await newcomer.next(10, 3_000);
    for (const connection of idle) connection.close();
  });

  await t.step("more viewers than descriptors", async () => {
    const viewers: StreamClient[] = [];
    try {
      await untilServed(origin);
      let refusedSince = Infinity;
      while (!(performance.now() - refusedSince > 500)) {
        assert.ok(viewers.length < LIMIT, `${viewers.length} viewers`);
        const more = await StreamClient.open(`${origin}/stream`).catch(() => null);
        if (more) {
          viewers.push(more);
          refusedSince = Infinity;
        } else {
          refusedSince = Math.min(refusedSince, performance.now());
          await delay(50);
        }
      }
      assert.ok(viewers.length >= 10, `${viewers.length} viewers`);
      assert.equal(await statusOf(`${origin}/state`), 503);
      await Promise.all([viewer, ...viewers].map((watcher) => watcher.next(10, 5_000)));
      assert.equal(viewers.some(({ isOver }) => isOver), false);
    } finally {
      for (const watcher of viewers) await watcher[Symbol.asyncDispose]();
    }
    await untilServed(origin);
  });

  assert.equal(viewer.isOver, false);
  await viewer.next(20, 3_000);
  const warnings = program.output().split("\n").filter((line) =>
    /"level":"(warn|error)"/.test(line)
  );
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0], /Too many open files, .*"limit":80/);
  program.kill("SIGTERM");
  assert.equal((await program.status).code, 0);
});
