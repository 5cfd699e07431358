import assert from "node:assert/strict";
import fc from "fast-check";
import { HttpClient } from "../../src/outgoing/http_client.ts";
import { readResponse } from "../../src/outgoing/http_response.ts";
import { startOutgoing } from "../../src/outgoing/outgoing.ts";
import { createLogger } from "../../src/log/log.ts";

const log = createLogger({ level: "error", format: "text" });

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Headers;
  readonly port: number;
}

/** Serves what `answer` says, and lets `act` send requests to it. */
async function withServer(
  answer: (request: Request) => Response | Promise<Response>,
  act: (client: HttpClient, origin: string, seen: Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response(null) },
    async (request, { remoteAddr }) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = await request.text();
      seen.push({ method, headers, path: pathname + search, body, port: remoteAddr.port });
      return await answer(request);
    },
  );
  using outgoing = startOutgoing(log);
  using client = new HttpClient(outgoing);
  try {
    await act(client, `127.0.0.1:${server.addr.port}`, seen);
  } finally {
    client[Symbol.dispose]();
    await server.shutdown();
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("HTTP client sends method, path, headers, credentials and body", async () => {
  await withServer(() => new Response("fine", { status: 201 }), async (client, host, seen) => {
    const { status } = await client.request({
      method: "PUT",
      url: new URL(`http://me:p%40ss@${host}/a/b?c=d`),
      headers: { "Content-Type": "video/mp4" },
      body: bytes("körper"),
      timeout: 5_000,
    });
    assert.equal(status, 201);
    const [{ method, path, body, headers }] = seen as [Seen];
    assert.deepEqual([method, path, body], ["PUT", "/a/b?c=d", "körper"]);
    assert.equal(headers.get("authorization"), `Basic ${btoa("me:p@ss")}`);
    assert.equal(headers.get("content-type"), "video/mp4");
    assert.equal(headers.get("host"), host);
  });
});

Deno.test("HTTP client sends a megabyte, and several requests over one connection", async () => {
  await withServer(() => new Response("fine"), async (client, host, seen) => {
    const url = new URL(`http://${host}/`);
    for (let i = 0; i < 3; i++) {
      const body = new Uint8Array(1e6).fill(65 + i);
      assert.equal(
        (await client.request({ method: "PUT", url, body, timeout: 5_000 })).status,
        200,
      );
    }
    assert.deepEqual(seen.map(({ body }) => body.length), [1e6, 1e6, 1e6]);
    assert.equal(new Set(seen.map(({ port }) => port)).size, 1);
  });
});

Deno.test("HTTP client does not follow redirects", async () => {
  const answer = () => new Response(null, { status: 307, headers: { Location: "/elsewhere" } });
  await withServer(answer, async (client, host, seen) => {
    const url = new URL(`http://${host}/`);
    assert.equal((await client.request({ method: "POST", url, timeout: 5_000 })).status, 307);
    assert.deepEqual(seen.map(({ path }) => path), ["/"]);
  });
});

Deno.test("HTTP client reports Retry-After", async () => {
  const answer = () => new Response(null, { status: 429, headers: { "Retry-After": "7" } });
  await withServer(answer, async (client, host) => {
    const url = new URL(`http://${host}/`);
    const { status, retryAfter } = await client.request({ method: "POST", url, timeout: 5_000 });
    assert.deepEqual([status, retryAfter], [429, 7]);
  });
});

Deno.test("HTTP client tries again if the server closed a kept connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connections = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      connections++;
      await connection.read(new Uint8Array(10_000));
      // It says that it stays open, and closes.
      await connection.write(bytes("HTTP/1.1 204 No Content\r\n\r\n"));
      connection.close();
    }
  })();
  using outgoing = startOutgoing(log);
  using client = new HttpClient(outgoing);
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  for (let i = 0; i < 3; i++) {
    assert.equal((await client.request({ method: "POST", url, timeout: 5_000 })).status, 204);
  }
  assert.equal(connections, 3);
  listener.close();
  await serving;
});

Deno.test("HTTP client gives up a server that does not answer, in time", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using outgoing = startOutgoing(log);
  using client = new HttpClient(outgoing);
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/secret`);
  const begin = performance.now();
  await assert.rejects(client.request({ method: "POST", url, timeout: 300 }), {
    name: "OutgoingError",
    message: "no answer",
  });
  assert(performance.now() - begin < 2_000);
  listener.close();
});

Deno.test("HTTP client takes the answer of a server that does not read the body", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const ended = Promise.withResolvers<void>();
  const serving = (async () => {
    const connection = await listener.accept();
    await connection.read(new Uint8Array(100));
    await connection.write(bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"));
    await ended.promise;
    connection.close();
  })();
  using outgoing = startOutgoing(log);
  using client = new HttpClient(outgoing);
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  const body = new Uint8Array(50e6);
  const { status } = await client.request({ method: "PUT", url, body, timeout: 5_000 });
  assert.equal(status, 413);
  ended.resolve();
  await serving;
  listener.close();
});

for (
  const [what, address, message] of [
    ["a closed port", "http://127.0.0.1:1/", /^connection refused$/],
    ["an unknown name", "http://no-such-host.invalid/", /name|host|resolution/],
    ["IPv6", "http://[::1]:1/", /^only IPv4 addresses can be reached$/],
  ] as const
) {
  Deno.test(`HTTP client says why it cannot reach ${what}`, async () => {
    using outgoing = startOutgoing(log);
    using client = new HttpClient(outgoing);
    const sent = client.request({ method: "POST", url: new URL(address), timeout: 20_000 });
    await assert.rejects(sent, { name: "OutgoingError", message });
  });
}

Deno.test("HTTP client resolves names as the system does", async () => {
  await withServer(() => new Response("fine"), async (client, host) => {
    const url = new URL(`http://${host.replace("127.0.0.1", "localhost")}/`);
    assert.equal((await client.request({ method: "POST", url, timeout: 5_000 })).status, 200);
  });
});

Deno.test("HTTPS needs a trusted certificate", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.write(bytes("SSH-2.0-something\r\n".repeat(5)));
      connection.close();
    }
  })();
  using outgoing = startOutgoing(log);
  using client = new HttpClient(outgoing);
  const url = new URL(`https://127.0.0.1:${listener.addr.port}/`);
  await assert.rejects(client.request({ method: "POST", url, timeout: 5_000 }), /TLS|closed/);
  listener.close();
  await serving;
});

/** A connection from which these chunks can be read. */
function reading(chunks: readonly Uint8Array<ArrayBuffer>[]) {
  const left = [...chunks];
  return { read: () => Promise.resolve(left.shift() ?? null) };
}

Deno.test("HTTP answers are read alike however they are cut", async () => {
  const cuts = fc.array(fc.nat({ max: 90 }), { maxLength: 8 });
  const body = fc.nat({ max: 40 });
  await fc.assert(fc.asyncProperty(cuts, body, fc.boolean(), async (at, length, isLast) => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nretry-after: 3\r\n` +
      `Content-Length: ${length}\r\n${isLast ? "Connection: close\r\n" : ""}\r\n${
        "x".repeat(length)
      }`;
    const places = [0, ...at.filter((one) => one < text.length).sort((a, b) => a - b), text.length];
    const chunks = places.slice(1).map((end, index) => bytes(text.slice(places[index], end)));
    assert.deepEqual(await readResponse(reading(chunks)), {
      status: 503,
      retryAfter: 3,
      isReusable: !isLast,
    });
  }));
});

Deno.test("HTTP client reads whatever comes without hanging", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 })), async (chunks) => {
    await assert.rejects(readResponse(reading(chunks.map((chunk) => chunk.slice()))), {
      name: "OutgoingError",
    });
  }));
});
