import assert from "node:assert/strict";
import http2 from "node:http2";
import { METHODS } from "../../src/http/route.ts";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import { LiveClient } from "../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../support/test_server.ts";
import { until } from "../support/until.ts";

const HANDSHAKE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
];

/** Aliases of the stream, a snapshot and the state. */
const COMMON_ADDRESSES = [
  "/?action=snapshot",
  "/?action=stream",
  "/?action=stream?nonce=1",
  "/stream/",
  "/webcam/?action=stream_0",
  "/webcam/snapshot",
  "/webcam/state",
];

/** Every path that the server has, with its methods, and some that it does not have. */
function everyRoute({ routes }: TestServer): [method: string, path: string][] {
  const known = [...routes].flatMap(([path, route]) =>
    METHODS.filter((method) => route[method]).map((method): [string, string] => [method, path])
  );
  assert(known.length > 20);
  return [
    ...known,
    ...COMMON_ADDRESSES.map((path): [string, string] => ["GET", path]),
    ["HEAD", "/stream"],
    ["GET", "/css/base.css"],
    ["GET", "/favicon.svg"],
    ["GET", "/nowhere"],
    ["OPTIONS", "/donate"],
    ["DELETE", "/"],
  ];
}

const statusOf = async (server: TestServer, ...lines: readonly string[]) =>
  (await rawHttp(server, requestOf(...lines))).status;

Deno.test("guard answers 421 on every route for a foreign host name", async () => {
  await using server = await startTestServer();
  const { port } = server;
  for (const [method, path] of everyRoute(server)) {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: rebind.example:${port}`,
      // The browser sends this for a page of that name, which it takes for the same origin.
      `Origin: http://rebind.example:${port}`,
      `Authorization: Bearer ${ADMIN_TOKEN}`,
      ...(path === "/live" ? HANDSHAKE : ["Content-Length: 0"]),
    ];
    assert.equal(await statusOf(server, ...lines), 421, `${method} ${path}`);
  }
  assert.equal(server.donations.count, 0);
  assert.equal(server.audience.count + server.pageSockets.count, 0);
});

Deno.test("guard names the option that allows a host name", async () => {
  await using server = await startTestServer();
  const asked = ["GET /state HTTP/1.1", "Host: cam.example.org"];
  const answer = await rawHttp(server, requestOf(...asked));
  assert.match(JSON.parse(answer.body).detail, /--allow-host cam\.example\.org /);
  const page = await rawHttp(server, requestOf(...asked, "Accept: text/html"));
  assert.match(page.body, /<h1>[^<]*--allow-host cam\.example\.org [^<]*<\/h1>/);
});

for (
  const host of [
    "localhost",
    "cam.localhost:80",
    "127.0.0.1",
    "[::1]:9",
    "192.0.2.7",
    "Cam.Example",
  ]
) {
  Deno.test(`guard accepts requests for ${host}`, async () => {
    await using server = await startTestServer({ allowHost: ["cam.example"] });
    assert.equal(await statusOf(server, "GET /state HTTP/1.1", `Host: ${host}`), 200);
  });
}

Deno.test("guard accepts requests for this machine's host name", async () => {
  await using server = await startTestServer();
  const [label] = Deno.hostname().split(".");
  for (const host of [Deno.hostname(), `${label}.local`]) {
    assert.equal(await statusOf(server, "GET /state HTTP/1.1", `Host: ${host}:80`), 200, host);
  }
});

Deno.test("guard accepts HTTP/1.0 requests without a host name", async () => {
  await using server = await startTestServer();
  assert.equal(await statusOf(server, "GET /state HTTP/1.0"), 200);
});

for (
  const [what, lines] of [
    ["a name in the target that is not in Host", [
      "GET http://evil.example/state HTTP/1.1",
      "Host: localhost",
    ]],
    ["a name in Host that is not in the target", [
      "GET http://localhost/state HTTP/1.1",
      "Host: evil.example",
    ]],
    ["a target of another scheme", ["GET ftp://localhost/state HTTP/1.1", "Host: localhost"]],
    ["a target with a user", ["GET http://me:pass@localhost/state HTTP/1.1", "Host: localhost"]],
    ["two of Host", ["GET /state HTTP/1.1", "Host: localhost", "Host: localhost"]],
    ["two names in Host", ["GET /state HTTP/1.1", "Host: localhost, localhost"]],
    ["a path in Host", ["GET /state HTTP/1.1", "Host: localhost/state?"]],
    ["a fragment in Host", ["GET /state HTTP/1.1", "Host: localhost/#"]],
    ["a user in Host", ["GET /state HTTP/1.1", "Host: me@localhost"]],
    ["an empty Host", ["GET /state HTTP/1.1", "Host:"]],
    ["a port that cannot be", ["GET /state HTTP/1.1", "Host: localhost:99999"]],
    ["an address that cannot be", ["GET /state HTTP/1.1", "Host: [::1::2]"]],
    ["a tunnel", ["CONNECT evil.example:80 HTTP/1.1", "Host: localhost"]],
  ] as const
) {
  Deno.test(`guard answers 400 for ${what}`, async () => {
    await using server = await startTestServer();
    assert.equal(await statusOf(server, ...lines), 400);
    assert.deepEqual(server.log.lines, []);
  });
}

Deno.test("guard answers 421 for a foreign host name in the target only", async () => {
  await using server = await startTestServer();
  const target = "GET http://evil.example/state HTTP/1.1";
  assert.equal(await statusOf(server, target, "Host: evil.example"), 421);
  assert.equal(await statusOf(server, "GET http://evil.example/state HTTP/1.0"), 421);
  assert.equal(
    await statusOf(server, "GET http://localhost/state HTTP/1.1", "Host: localhost"),
    200,
  );
});

Deno.test("guard refuses every change that another site requests", async () => {
  await using server = await startTestServer();
  const { port } = server;
  const before = await everything(server);
  const foreign = [
    "Origin: http://evil.example",
    "Origin: null",
    "Origin:",
    `Origin: http://127.0.0.1:${port}, http://evil.example`,
    `Origin: http://127.0.0.1:${port + 1}`,
    `Origin: http://localhost:${port}`,
    `Origin: http://127.0.0.1`,
    `Origin: https://127.0.0.1:${port}`,
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site",
  ];
  for (const [method, path] of everyRoute(server)) {
    if (method === "GET" && path !== "/live" || method === "HEAD") continue;
    for (const line of foreign) {
      const lines = [
        `${method} ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        line,
        `Authorization: Bearer ${ADMIN_TOKEN}`,
        ...(path === "/live"
          ? HANDSHAKE
          : ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 0"]),
      ];
      assert.equal(await statusOf(server, ...lines), 403, `${method} ${path} with ${line}`);
    }
  }
  assert.deepEqual(await everything(server), before);
  assert.equal(server.pageSockets.count, 0);
});

Deno.test("guard counts requests of other sites against nobody's pace", async () => {
  await using server = await startTestServer({ now: () => 0 });
  for (let i = 0; i < 100; i++) {
    const foreign = await server.get("/donate", {
      method: "POST",
      headers: { origin: "http://evil.example" },
    });
    await foreign.body?.cancel();
  }
  const own = await server.get("/donate", { method: "POST", headers: { origin: server.origin } });
  await own.body?.cancel();
  assert.equal(own.status, 200);
});

/** Everything about the channel that a request could change. */
async function everything(server: TestServer) {
  const { channel, donations, chat, moderation, room, sources, audience, people } = server;
  const { cookie } = VIEWER;
  return structuredClone({
    title: channel.title,
    onAir: channel.onAir,
    donations: donations.count,
    supporters: donations.supporters(10),
    chat: chat.newest().chat,
    bans: moderation.bans,
    ...room.settings,
    source: sources.current,
    viewers: audience.count,
    settings: await (await server.get("/settings", { headers: VIEWER })).json(),
    person: people.of(cookie.split("=")[1]),
  });
}

const VIEWER = { cookie: "viewer=00000000-0000-4000-8000-000000000001" };

Deno.test("guard: no GET changes anything, whatever its query", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const said = await server.get("/chat", {
    method: "POST",
    headers: { ...VIEWER, "content-type": "application/json" },
    body: JSON.stringify({ text: "Hello", name: "Anna" }),
  });
  const { message } = await said.json();
  const before = await everything(server);
  const query = new URLSearchParams({
    quality: "low",
    mode: "gaming",
    filter: "sepia",
    text: "I was here",
    name: "Eve",
    key: "k",
    amount: "5",
    title: "Mine",
    onAir: "false",
    source: "/dev/video0",
    author: message.author,
    ids: String(message.id),
    seconds: "60",
    words: "hello",
    id: "x",
    token: ADMIN_TOKEN,
    donated: "",
    method: "POST",
    _method: "POST",
  });
  const headers = {
    ...VIEWER,
    authorization: `Bearer ${ADMIN_TOKEN}`,
    "x-http-method-override": "POST",
  };
  for (const [method, path] of everyRoute(server)) {
    for (const asked of method === "HEAD" ? ["HEAD"] : ["GET", "HEAD"]) {
      const separator = path.includes("?") ? "&" : "?";
      const response = await server.get(path + separator + query, { method: asked, headers });
      // The token opens no recording: a ticket does.
      const expected = path.startsWith("/recordings/")
        ? [403, 405]
        // There are none without a folder: 409.
        : [200, 304, 400, 404, 405, 409, 426, 501, 503];
      assert(expected.includes(response.status), `${asked} ${path}: ${response.status}`);
      await response.body?.cancel();
    }
  }
  await until("the viewers to leave", () => server.audience.count === 0, Boolean, { every: 5 });
  assert.deepEqual(await everything(server), before);
});

/** Asserts the headers that every response must have. */
function assertGuarded({ headers }: { readonly headers: Headers }, what: string): void {
  const get = (name: string) => headers.get(name) ?? "";
  assert.match(get("content-security-policy"), /default-src 'none'.*frame-ancestors 'self'$/, what);
  assert.doesNotMatch(get("content-security-policy"), /(?<!wasm-)unsafe|\*/, what);
  assert.match(
    get("permissions-policy"),
    /fullscreen=\(self\).*camera=\(\).*microphone=\(\)/,
    what,
  );
  assert.equal(get("cross-origin-resource-policy"), "same-origin", what);
  assert.equal(get("referrer-policy"), "same-origin", what);
  assert.equal(get("x-content-type-options"), "nosniff", what);
  assert.equal(get("x-frame-options"), "SAMEORIGIN", what);
  for (const name of ["server", "x-powered-by", "strict-transport-security"]) {
    assert.equal(headers.get(name), null, what);
  }
  for (const [name] of headers) assert.doesNotMatch(name, /^access-control-/, what);
}

Deno.test("guard sends security headers on every route and with every status", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const host = `Host: 127.0.0.1:${server.port}`;
  const seen = new Set<number>();
  for (const [method, path] of everyRoute(server)) {
    for (const more of [[], [`Authorization: Bearer ${ADMIN_TOKEN}`], ["Host: evil.example"]]) {
      const lines = [`${method} ${path} HTTP/1.1`, ...(more[0]?.startsWith("Host") ? [] : [host])];
      const handshake = path === "/live" ? HANDSHAKE : ["Content-Length: 0"];
      const answer = await rawHttp(server, requestOf(...lines, ...more, ...handshake));
      assertGuarded(answer, `${answer.status} ${method} ${path} ${more}`);
      seen.add(answer.status);
    }
  }
  for (const status of [101, 200, 400, 401, 404, 405, 421]) assert(seen.has(status), `${status}`);
});

for (
  const [status, lines] of [
    [400, ["GET / HTTP/1.1", "Host: a/b"]],
    [304, ["GET /favicon.svg HTTP/1.1", "Host: localhost", "If-None-Match: *"]],
    [403, ["POST /chat HTTP/1.1", "Host: localhost", "Origin: null", "Content-Length: 0"]],
    [413, ["POST /chat HTTP/1.1", "Host: localhost", "Content-Length: 20000"]],
    [414, [`GET /${"x".repeat(5000)} HTTP/1.1`, "Host: localhost"]],
    [415, ["POST /chat HTTP/1.1", "Host: localhost", "Content-Length: 1", "", "x"]],
    [426, ["GET /live HTTP/1.1", "Host: localhost"]],
    [431, ["GET / HTTP/1.1", "Host: localhost", `X: ${"x".repeat(17_000)}`]],
    [503, ["GET /stream HTTP/1.1", "Host: localhost"]],
  ] as const
) {
  Deno.test(`guard sends security headers with a ${status}`, async () => {
    await using server = await startTestServer({ maxViewers: 0 });
    const answer = await rawHttp(server, requestOf(...lines));
    assert.equal(answer.status, status);
    assertGuarded(answer, `${status}`);
  });
}

Deno.test("guard opens only stream, sound, HLS, snapshot, state, events and embed to allowed sites", async () => {
  const site = "https://example.com";
  await using server = await startTestServer({ allowedOrigins: [site] });
  server.program.publish(TINY_JPEG);
  const opened: string[] = [];
  for (const [method, path] of everyRoute(server)) {
    if (method === "POST" || path === "/live") continue;
    const response = await server.get(path, { headers: { origin: site }, method });
    await response.body?.cancel();
    const { headers } = response;
    const isOpen = headers.get("access-control-allow-origin") !== null ||
      headers.get("cross-origin-resource-policy") !== "same-origin" ||
      headers.get("x-frame-options") === null ||
      headers.get("content-security-policy")!.includes(site);
    if (isOpen && !opened.includes(path)) opened.push(path);
  }
  const data = [
    "/events",
    "/hls",
    "/hls/",
    "/hls/channel.json",
    "/hls/live.m3u8",
    "/hls/{file}",
    "/snapshot",
    "/snapshot.jpg",
    "/sound.mp3",
    "/sound.ogg",
    "/state",
    "/stream",
    "/stream.mp4",
    "/stream.ts",
  ];
  const expected = ["/embed", ...data];
  assert.deepEqual(opened.sort(), [...expected, ...COMMON_ADDRESSES].sort());
  const posted = await server.get("/donate", { method: "POST", headers: { origin: site } });
  await posted.body?.cancel();
  assert.equal(posted.status, 403);
  await assert.rejects(LiveClient.open(server, { origin: site }));
  const preflight = await server.get("/settings", {
    method: "OPTIONS",
    headers: { origin: site, "access-control-request-method": "POST" },
  });
  await preflight.body?.cancel();
  assert.equal(preflight.headers.get("access-control-allow-origin"), null);
});

Deno.test("guard passes the page's own posts and WebSocket under each of its host names", async () => {
  await using server = await startTestServer({ allowHost: ["cam.example"] });
  const headers = await newViewer(server);
  for (const host of [`127.0.0.1:${server.port}`, "cam.example", "[::1]:80"]) {
    const own = [`Host: ${host}`, `Origin: http://${host.replace(/:80$/, "")}`];
    const cookie = `Cookie: ${headers.cookie}`;
    const posted = ["POST /donate HTTP/1.1", ...own, cookie, "Content-Length: 0"];
    assert.equal(await statusOf(server, ...posted), 200, host);
    assert.equal(await statusOf(server, "GET /live HTTP/1.1", ...own, ...HANDSHAKE), 101, host);
  }
});

/** Sends a request over HTTP/2, which has no Host. */
async function statusByHttp2(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
): Promise<number> {
  const stream = session.request({ ":path": "/state", ...headers });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  stream.on("response", (answer) => resolve(answer[":status"]!));
  stream.on("error", reject);
  const ended = new Promise((resolve) => stream.on("close", resolve));
  stream.resume();
  stream.end();
  const status = await promise;
  await ended;
  return status;
}

Deno.test("guard checks the host name of HTTP/2 requests", async () => {
  const tls = await makeSelfSigned({ hosts: ["127.0.0.1"], now: Date.now() });
  await using server = await startTestServer({ tls });
  const session = http2.connect(server.origin, { ca: tls.cert });
  try {
    const asked = (headers: http2.OutgoingHttpHeaders) => statusByHttp2(session, headers);
    const own = { ":authority": `localhost:${server.port}` };
    assert.equal(await asked(own), 200);
    assert.equal(await asked({ ":authority": "rebind.example" }), 421);
    assert.equal(await asked({ ":authority": "rebind.example", host: "localhost" }), 400);
    const post = { ":method": "POST", ":path": "/donate" };
    assert.equal(await asked({ ...own, ...post, origin: `https://localhost:${server.port}` }), 200);
    assert.equal(await asked({ ...own, ...post, origin: "http://evil.example" }), 403);
  } finally {
    await new Promise<void>((resolve) => session.close(resolve));
  }
});
