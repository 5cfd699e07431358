import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
} from "../support/test_server.ts";
import { until } from "../support/until.ts";

const GET = "GET /state HTTP/1.1";

async function statusOf(server: TestServer, ...lines: readonly string[]): Promise<number> {
  const { status, body } = await rawHttp(server, requestOf(...lines));
  if (status >= 400) assert(JSON.parse(body).detail.length > 10, body);
  return status;
}

Deno.test("limits accept a URL of 4096 characters and answer a longer one with 414", async () => {
  await using server = await startTestServer();
  const start = "http://localhost/state?";
  const ask = (length: number) =>
    statusOf(
      server,
      `GET /state?${"x".repeat(length - start.length)} HTTP/1.1`,
      "Host: localhost",
    );
  assert.deepEqual([await ask(4096), await ask(4097), await ask(60_000)], [200, 414, 414]);
});

Deno.test("limits accept 64 headers and answer more with 431", async () => {
  await using server = await startTestServer();
  const ask = (count: number) =>
    statusOf(
      server,
      GET,
      "Host: localhost",
      ...Array.from({ length: count - 1 }, (_, i) => `X-${i}: y`),
    );
  assert.deepEqual([await ask(64), await ask(65), await ask(90)], [200, 431, 431]);
});

Deno.test("limits accept 16 KiB of headers and answer more with 431", async () => {
  await using server = await startTestServer();
  const own = "Host: localhost\r\n".length + "X: \r\n".length;
  const ask = (bytes: number) =>
    statusOf(server, GET, "Host: localhost", `X: ${"y".repeat(bytes - own)}`);
  assert.deepEqual([await ask(16_384), await ask(16_385), await ask(60_000)], [200, 431, 431]);
});

Deno.test("limits count headers of one name together", async () => {
  await using server = await startTestServer();
  const pieces = Array.from({ length: 90 }, () => `Cookie: a=${"b".repeat(200)}`);
  assert.equal(await statusOf(server, GET, "Host: localhost", ...pieces), 431);
});

/** Returns a new viewer each time, as clients with made-up cookies are. */
const stranger = () => ({ cookie: `viewer=${crypto.randomUUID()}` });

for (
  const [path, body] of [
    ["/chat", { text: "Hello" }],
    ["/donate", {}],
    ["/settings", { quality: "low" }],
  ] as const
) {
  Deno.test(`limits let an address post to ${path} 60 times at once, then ten times a second`, async () => {
    let now = 0;
    await using server = await startTestServer({ now: () => now });
    let people = 0;
    const post = async () => {
      const response = await server.get(path, {
        method: "POST",
        headers: { ...stranger(), "content-type": "application/json" },
        body: JSON.stringify({ ...body, name: `Viewer ${people++}` }),
      });
      await response.body?.cancel();
      return [response.status, response.headers.get("retry-after")];
    };
    const burst = [];
    for (let i = 0; i < 60; i++) burst.push((await post())[0]);
    assert.deepEqual(new Set(burst), new Set([200]));
    assert.deepEqual(await post(), [429, "1"]);
    now += 100;
    assert.deepEqual([await post(), await post()], [[200, null], [429, "1"]]);
    // Requests that change nothing do not count.
    const read = await server.get("/settings");
    await read.body?.cancel();
    assert.equal(read.status, 200);
  });
}

Deno.test("limits count an address's messages over /live together with its posts", async () => {
  await using server = await startTestServer({ now: () => 0, trustedProxy: ["127.0.0.1"] });
  const address = { "x-forwarded-for": "203.0.113.1" };
  for (let i = 0; i < 59; i++) {
    const headers = { ...stranger(), ...address };
    await (await server.get("/settings", { method: "POST", headers })).body?.cancel();
  }
  const chat = (key: string) =>
    ({ type: "chat", key, text: "Hello", name: `Anna ${key}` }) as const;
  await using page = await LiveClient.open(server, { ...await newViewer(server), ...address });
  page.send(chat("a"));
  await page.next("chat");
  page.send(chat("b"));
  const { key, reason, retryAfter } = await page.next("refused");
  assert.deepEqual([key, retryAfter], ["b", 100]);
  assert.match(reason, /from your address/);
  await using other = await LiveClient.open(server, {
    ...await newViewer(server),
    "x-forwarded-for": "203.0.113.2",
  });
  other.send(chat("c"));
  await other.next("chat");
  assert.equal(server.chat.newest().chat.length, 2);
});

const streamers = {
  method: "POST",
  headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
  body: JSON.stringify({ title: "Still mine" }),
};

Deno.test("limits never delay the streamer, whatever others post from the same address", async () => {
  await using server = await startTestServer({ now: () => 0 });
  const statusOfPost = async (path: string, init: RequestInit) => {
    const response = await server.get(path, { method: "POST", ...init });
    await response.body?.cancel();
    return response.status;
  };
  for (let i = 0; i < 60; i++) await statusOfPost("/settings", {});
  assert.equal(await statusOfPost("/settings", {}), 429);
  assert.equal(await statusOfPost("/admin/title", streamers), 200);
  assert.equal(server.channel.title, "Still mine");
  // Nobody changes anything there without the token, at any pace.
  assert.equal(await statusOfPost("/admin/title", {}), 401);
});

Deno.test("limits admit the streamer while there are no descriptors for others", async () => {
  await using server = await startTestServer();
  server.connections.refusalOf = () => "descriptors";
  let pardons = 0;
  server.connections.pardon = () => void pardons++;
  for (const path of ["/", "/stream", "/admin/state"]) {
    const refused = await server.get(path);
    await refused.body?.cancel();
    assert.equal(refused.status, 503, path);
  }
  const wrong = await server.get("/admin/state", { headers: { authorization: "Bearer wrong" } });
  await wrong.body?.cancel();
  assert.equal(wrong.status, 503);
  assert.equal(pardons, 0);
  const right = await server.get("/admin/title", streamers);
  await right.body?.cancel();
  assert.deepEqual([right.status, pardons], [200, 1]);
  await using studio = await LiveClient.open(server, {}, ADMIN_TOKEN);
  await studio.next("studio");
  // A browser that sent the token reopens the studio, whose page is requested without it.
  const cookie = `viewer=${crypto.randomUUID()}`;
  const open = async () => {
    const page = await server.get("/studio", { headers: { cookie } });
    await page.body?.cancel();
    return page.status;
  };
  assert.equal(await open(), 503);
  const headers = { ...streamers.headers, cookie };
  await (await server.get("/admin/state", { headers })).body?.cancel();
  assert.equal(await open(), 200);
});

for (const kind of ["seats", "sockets"]) {
  Deno.test(`limits count the ${kind} of a foreign /64 together, and apart from another's`, async () => {
    await using server = await startTestServer({
      trustedProxy: ["127.0.0.1"],
      maxPerAddress: 2,
      maxSocketsPerAddress: 2,
    });
    await using opened = new AsyncDisposableStack();
    const open = async (address: string) => {
      const headers = { ...stranger(), "x-forwarded-for": address };
      if (kind === "sockets") return void opened.use(await LiveClient.open(server, headers));
      const response = await server.get("/stream", { headers });
      opened.defer(() => response.body!.cancel());
      assert.equal(response.status, 200);
    };
    await open("2001:db8:0:7::1");
    await open("2001:db8:0:7:ffff::2");
    await assert.rejects(open("2001:db8:0:7::3"));
    await open("2001:db8:0:8::1");
    // In this machine's own networks each device has its own count.
    for (let i = 1; i <= 5; i++) await open(`fe80::${i}`);
  });
}

Deno.test("limits do not count requests of pages that poll, but what they send", async () => {
  await using server = await startTestServer({ now: () => 0 });
  const post = (path: string, body: unknown) =>
    server.get(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  for (let i = 0; i < 70; i++) await (await post("/live", { key: "k" })).body?.cancel();
  const settings = await post("/settings", {});
  await settings.body?.cancel();
  assert.equal(settings.status, 200);
  for (let i = 1; i < 60; i++) await (await post("/settings", {})).body?.cancel();
  const message = { type: "chat", key: "m", text: "Hello", name: "Ada" };
  const { messages } = await (await post("/live", { key: "k", messages: [message] })).json();
  assert.deepEqual(messages.map(({ type, code }: Record<string, string>) => [type, code]), [
    ["refused", "too-much"],
  ]);
});

Deno.test("limits let no address watch more often than allowed, whatever its cookies", async () => {
  await using server = await startTestServer({ maxPerAddress: 3 });
  const streams = [];
  for (let i = 0; i < 3; i++) streams.push(await server.get("/stream", { headers: stranger() }));
  const refused = await server.get("/stream", { headers: stranger() });
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "10"]);
  assert.match((await refused.json()).detail, /as many are watching from your address/);
  await streams[0].body!.cancel();
  await until("a viewer to leave", () => server.audience.count <= 2, Boolean, { every: 5 });
  streams.push(await server.get("/stream", { headers: stranger() }));
  assert.equal(server.audience.count, 3);
  for (const stream of streams.slice(1)) await stream.body!.cancel();
});

Deno.test("limits let no address open more WebSockets than allowed, whatever its cookies", async () => {
  await using server = await startTestServer({ maxSocketsPerAddress: 3 });
  await using pages = new AsyncDisposableStack();
  const first = await LiveClient.open(server, stranger());
  for (let i = 0; i < 2; i++) pages.use(await LiveClient.open(server, stranger()));
  const refused = await rawHttp(
    server,
    requestOf(
      "GET /live HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ),
  );
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "10"]);
  await first[Symbol.asyncDispose]();
  await until("a page to leave", () => server.pageSockets.count <= 2, Boolean, { every: 5 });
  pages.use(await LiveClient.open(server, stranger()));
});
