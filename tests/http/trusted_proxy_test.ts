import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import {
  ADMIN_TOKEN,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../support/test_server.ts";

const TRUSTED = { trustedProxy: ["127.0.0.0/8"] };
const from = (address: string) => ({ "x-forwarded-for": address });

async function statusOf(server: TestServer, path: string, init?: RequestInit): Promise<number> {
  const response = await server.get(path, init);
  await response.body?.cancel();
  return response.status;
}

/** Returns how many guesses at the streamer's token are checked before they are refused unchecked. */
async function guessesOf(server: TestServer, sender: (i: number) => string): Promise<number> {
  for (let i = 0; i < 20; i++) {
    const headers = { authorization: `Bearer wrong-${i}`, ...from(sender(i)) };
    if (await statusOf(server, "/admin/state", { headers }) === 429) return i;
  }
  return Infinity;
}

Deno.test("viewers behind a trusted proxy are counted by their own addresses", async () => {
  await using server = await startTestServer({ ...TRUSTED, maxPerAddress: 1 });
  const first = await server.get("/stream", { headers: from("203.0.113.1") });
  const other = await server.get("/stream", { headers: from("203.0.113.2") });
  assert.deepEqual([first.status, other.status], [200, 200]);
  const again = await server.get("/stream", { headers: from("9.9.9.9, 203.0.113.1") });
  assert.equal(again.status, 503);
  assert.equal(again.headers.get("retry-after"), "10");
  assert.match((await again.json()).detail, /from your address/);
  await Promise.all([first.body!.cancel(), other.body!.cancel()]);
});

Deno.test("viewers behind an untrusted proxy are counted as one", async () => {
  await using server = await startTestServer({ maxPerAddress: 1 });
  const first = await server.get("/stream", { headers: from("203.0.113.1") });
  assert.equal(await statusOf(server, "/stream", { headers: from("203.0.113.2") }), 503);
  await first.body!.cancel();
});

Deno.test("streamer's token is locked for the guesser alone behind a trusted proxy", async () => {
  await using server = await startTestServer(TRUSTED);
  assert.equal(await guessesOf(server, () => "203.0.113.1"), 5);
  assert.equal(await guessesOf(server, () => "203.0.113.2"), 5);
  // A client that forges a new address each time is identified by the address that the proxy adds.
  assert.equal(await guessesOf(server, (i) => `10.0.0.${i}, 203.0.113.3`), 5);
});

Deno.test("streamer's token is locked for guessers with forged addresses", async () => {
  await using server = await startTestServer();
  assert.equal(await guessesOf(server, (i) => `203.0.113.${i}`), 5);
});

Deno.test("chat identifies programs behind a trusted proxy by their own addresses", async () => {
  await using server = await startTestServer(TRUSTED);
  const say = (address: string) =>
    statusOf(server, "/chat", {
      method: "POST",
      headers: { "content-type": "application/json", ...from(address) },
      body: JSON.stringify({ text: "Hello", name: `Bot ${address}`, key: crypto.randomUUID() }),
    });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push(await say("203.0.113.1"));
  assert(statuses.includes(429), `${statuses}`);
  assert.equal(await say("203.0.113.2"), 200);
  const authors = server.chat.newest().chat.map(({ author }) => author);
  assert.equal(new Set(authors).size, 2);
});

Deno.test("page sockets behind a trusted proxy are counted by their own addresses", async () => {
  await using server = await startTestServer({ ...TRUSTED, maxSocketsPerAddress: 2 });
  await using pages = new AsyncDisposableStack();
  for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.2"]) {
    const page = pages.use(await LiveClient.open(server, from(address)));
    await page.next("hello");
  }
  await assert.rejects(LiveClient.open(server, from("203.0.113.1")));
});

const page = "{{shareUrl}}";
const host = "Host: cam.example";
const secure = "X-Forwarded-Proto: https";

for (
  const [proto, origin] of [
    ["https", "https://cam.example"],
    ["HTTPS, http", "https://cam.example"],
    ["wss", "https://cam.example"],
    ["http", "http://cam.example"],
    ["gopher", "http://cam.example"],
    ["", "http://cam.example"],
  ]
) {
  Deno.test(`X-Forwarded-Proto "${proto}" of a trusted proxy makes the origin ${origin}`, async () => {
    await using server = await startTestServer({ ...TRUSTED, page, allowHost: ["cam.example"] });
    const forwarded = `X-Forwarded-Proto: ${proto}`;
    const shown = await rawHttp(server, requestOf("GET / HTTP/1.1", host, forwarded));
    assert.equal(shown.body, `${origin}/`);
    for (const scheme of ["http", "https"]) {
      const sender = `Origin: ${scheme}://cam.example`;
      const lines = ["POST /donate HTTP/1.1", host, forwarded, sender, "Content-Length: 0"];
      const { status } = await rawHttp(server, requestOf(...lines));
      assert.equal(status, origin.startsWith(`${scheme}:`) ? 200 : 403, scheme);
    }
  });
}

Deno.test("an untrusted proxy is recognised, and the log says how to trust it", async () => {
  await using server = await startTestServer({ page, allowHost: ["cam.example"] });
  const shown = await rawHttp(server, requestOf("GET / HTTP/1.1", host, secure));
  assert.equal(shown.body, "http://cam.example/");
  const own = ["Origin: https://cam.example", "Content-Length: 0"];
  const posted = await rawHttp(server, requestOf("POST /donate HTTP/1.1", host, secure, ...own));
  assert.equal(posted.status, 403);
  assert.match(JSON.parse(posted.body).detail, /--trusted-proxy .* X-Forwarded-Proto/);
  for (let i = 0; i < 3; i++) await statusOf(server, "/state", { headers: from("203.0.113.1") });
  assert.equal(server.log.lines.length, 2);
  assert.match(server.log.lines[1], /start with --trusted-proxy 127\.0\.0\.1: /);
});

Deno.test("X-Forwarded-Host is believed only about the port, and only from trusted proxies", async () => {
  await using server = await startTestServer({ ...TRUSTED, page });
  const forwarded = (name: string) => `X-Forwarded-Host: ${name}`;
  const asked = async (...lines: string[]) => await rawHttp(server, requestOf(...lines));
  const evil = await asked("GET / HTTP/1.1", "Host: evil.example", forwarded("localhost"));
  assert.equal(evil.status, 421);
  const own = await asked("GET / HTTP/1.1", "Host: 192.0.2.7", forwarded("evil.example"));
  assert.deepEqual([own.status, own.body], [200, "http://192.0.2.7/"]);
  for (
    const [host, asked, shown] of [
      ["192.0.2.7", "192.0.2.7:8443", "http://192.0.2.7:8443/"],
      ["192.0.2.7", "192.0.2.7:8443, 10.0.0.1:80", "http://192.0.2.7:8443/"],
      ["192.0.2.7:9000", "192.0.2.7:8443", "http://192.0.2.7:9000/"],
      ["192.0.2.7:9000", "192.0.2.7", "http://192.0.2.7:9000/"],
      ["192.0.2.7", "192.0.2.7:99999", "http://192.0.2.7/"],
      ["[2001:db8::7]", "[2001:db8::7]:8443", "http://[2001:db8::7]:8443/"],
    ]
  ) {
    const lines = ["GET / HTTP/1.1", `Host: ${host}`, forwarded(asked)];
    assert.equal((await rawHttp(server, requestOf(...lines))).body, shown, `${host} ${asked}`);
  }
  await using doubting = await startTestServer({ page });
  const lines = ["GET / HTTP/1.1", "Host: 192.0.2.7", forwarded("192.0.2.7:8443")];
  assert.equal((await rawHttp(doubting, requestOf(...lines))).body, "http://192.0.2.7/");
});

Deno.test("a stream behind a trusted proxy uses no kernel statistics", async () => {
  await using server = await startTestServer(TRUSTED);
  server.program.publish(TINY_JPEG);
  const stream = await server.get("/stream", { headers: from("203.0.113.1") });
  assert.equal(server.audience.count, 1);
  let polls = 0;
  server.connections.statisticsOf = () => {
    polls++;
    return null;
  };
  server.audience.kernel.poll();
  assert.equal(polls, 0);
  // Clients on the same machine that bypass the proxy count separately.
  const direct = await server.get("/stream");
  assert.equal(server.audience.count, 2);
  server.audience.kernel.poll();
  assert.equal(polls, 1);
  await Promise.all([stream.body!.cancel(), direct.body!.cancel()]);
});

Deno.test("streams tell proxies not to buffer them", async () => {
  await using server = await startTestServer();
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  for (const path of ["/stream", "/?action=stream", "/admin/preview"]) {
    const response = await server.get(path, { method: "HEAD", headers });
    assert.equal(response.headers.get("x-accel-buffering"), "no", path);
    assert.equal(response.headers.get("cache-control"), "no-store", path);
  }
});
