import assert from "node:assert/strict";
import { FRAME, Http2Client } from "../support/http2_client.ts";
import { residentMemory } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { type SecureProgram, startSecureProgram } from "../support/secure_program.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** Each requests as many responses as `Deno.serve` allows and reads none. */
const CONNECTIONS = 30;
const REQUESTS = 200;

/** Everything must be over by then. Milliseconds. */
const END_MS = 14_000;

const ARGS = ["--source=test", "--resolution=640x360", "--rewind=off"];

/** Growth of a program that has settled, in a second. MiB. */
const SETTLED_MIB = 1;

/** Returns a program's memory once it no longer grows by itself, or after 25 s. MiB. */
async function settledMemory(program: Program, cert?: string): Promise<number> {
  await using viewer = await StreamClient.open(`${program.origin}/stream`, { cert });
  let most = 0;
  for (let i = 0, calm = 0; i < 25 && calm < 3; i++) {
    await viewer.next(30, 5_000);
    const memory = await residentMemory(program.pid);
    calm = memory < most + SETTLED_MIB ? calm + 1 : 0;
    most = Math.max(most, memory);
  }
  return most;
}

/** Sends many HTTP/2 requests with a small window and returns their memory cost. MiB. */
async function attack(program: Program, before: number, window: number, cert?: string) {
  using stack = new DisposableStack();
  const clients: Http2Client[] = [];
  const begun = performance.now();
  for (let i = 0; i < CONNECTIONS; i++) {
    const client = stack.use(await Http2Client.connect({ port: program.port, cert, window }));
    clients.push(client);
    // The server may end the connection before everything is sent.
    client.get("/snapshot", REQUESTS).catch(() => {});
  }
  let cost = 0;
  const countLeft = async () => {
    cost = Math.max(cost, await residentMemory(program.pid) - before);
    return clients.filter(({ isOver }) => !isOver).length;
  };
  const timeout = END_MS - (performance.now() - begun);
  await until("all to be ended", countLeft, (left) => left === 0, { timeout, every: 250 });
  assert.ok(cost < 50, `${cost.toFixed()} MiB`);
}

Deno.test("HTTP/2 clients that read no response cost little memory and are ended", async (t) => {
  await using plain = await startProgram(ARGS);
  await using secure: SecureProgram = await startSecureProgram(ARGS);
  const { cert } = secure;
  const [before, beforeSecure] = await Promise.all([
    settledMemory(plain),
    settledMemory(secure, cert),
  ]);

  await t.step("without TLS, HTTP/2 is refused", async () => {
    using client = await Http2Client.connect({ port: plain.port, window: 65_535 });
    const begun = performance.now();
    await client.get("/");
    await client.ended;
    assert.ok(client.received.has(FRAME.headers), "the answer says why");
    assert.ok(performance.now() - begun < 4_000);
  });

  await t.step(
    "without TLS, an HTTP/2 client that sends no request is disconnected at once",
    async () => {
      using client = await Http2Client.connect({ port: plain.port });
      const begun = performance.now();
      await client.send(FRAME.ping, new Uint8Array(8));
      await client.ended;
      assert.ok(performance.now() - begun < 4_000);
    },
  );

  await t.step("with and without TLS, all are ended and cost at most 50 MiB", async () => {
    await Promise.all([
      attack(plain, before, 0),
      // The first byte makes hyper pull the whole response.
      attack(secure, beforeSecure, 1, cert),
    ]);
  });

  await t.step("HTTP/2 still serves other clients", async () => {
    using client = Deno.createHttpClient({ caCerts: [cert], http1: false, http2: true });
    const answers = await Promise.all(
      ["/", "/snapshot", "/css/base.css", "/chat"].map(async (path) => {
        const response = await fetch(secure.origin + path, { client });
        return [response.status, (await response.bytes()).length > 10];
      }),
    );
    assert.deepEqual(answers, Array(4).fill([200, true]));
    const page = await fetch(`${plain.origin}/state`);
    assert.equal((await page.json()).ok, true);
  });
});
