import assert from "node:assert/strict";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import { startTestServer, type TestServer } from "../support/test_server.ts";

const HOST_LINE = /proxy_set_header Host \$http_host;/;
const PROTO_LINE = /proxy_set_header X-Forwarded-Proto \$scheme;/;
const FOR = "X-Forwarded-For: 203.0.113.1";
const TRUSTED = { trustedProxy: ["127.0.0.1"], allowHost: ["cam.example"] };

async function post(server: TestServer, ...lines: readonly string[]) {
  const head = ["POST /settings HTTP/1.1", ...lines, "Content-Length: 0"];
  const { status, body } = await rawHttp(server, requestOf(...head));
  return { status, detail: JSON.parse(body).detail ?? "" };
}

for (
  const [what, options, lines, remedy] of [
    ["drops Host's port", TRUSTED, [
      "Host: cam.example",
      "Origin: http://cam.example:8443",
      FOR,
    ], HOST_LINE],
    ["drops Host's port, and is not trusted", { allowHost: ["cam.example"] }, [
      "Host: cam.example",
      "Origin: http://cam.example:8443",
    ], HOST_LINE],
    ["names the server itself, as nginx does by default", {}, [
      "Host: 127.0.0.1:8081",
      "Origin: http://cam.example",
    ], HOST_LINE],
    ["names the server itself, from another machine", {}, [
      "Host: 192.0.2.7:8081",
      "Origin: http://cam.example",
      FOR,
    ], HOST_LINE],
    ["sends no X-Forwarded-Proto", TRUSTED, [
      "Host: cam.example",
      "Origin: https://cam.example",
      FOR,
    ], PROTO_LINE],
    ["ends HTTPS and is not trusted", { allowHost: ["cam.example"] }, [
      "Host: cam.example",
      "Origin: https://cam.example",
    ], /--trusted-proxy/],
  ] as const
) {
  Deno.test(`a proxy that ${what}: response and log name the remedy, the log once`, async () => {
    await using server = await startTestServer(options);
    for (let i = 0; i < 3; i++) {
      const { status, detail } = await post(server, ...lines);
      assert.equal(status, 403);
      assert.match(detail, remedy);
    }
    const advice = server.log.lines.filter((line) => remedy.test(line));
    // Another line says that X-Forwarded-For is not believed, and also names the option.
    assert.equal(advice.filter((line) => line.startsWith("warn: A page")).length, 1, `${advice}`);
    assert(!server.log.lines.some((line) => line.includes("cam.example")), "no text of a client");
  });
}

Deno.test("Sec-Fetch-Site: same-origin outweighs a Host that a proxy changed", async () => {
  await using server = await startTestServer(TRUSTED);
  const own = "Sec-Fetch-Site: same-origin";
  for (
    const [lines, remedy] of [
      [["Host: cam.example", "Origin: https://cam.example:8443"], HOST_LINE],
      [["Host: cam.example", "Origin: https://cam.example"], PROTO_LINE],
    ] as const
  ) {
    assert.equal((await post(server, ...lines, FOR, own)).status, 200);
    assert(server.log.lines.some((line) => remedy.test(line)), "what is amiss is logged anyway");
  }
  for (const site of ["same-site", "cross-site"]) {
    const foreign = ["Host: cam.example", "Origin: http://cam.example", `Sec-Fetch-Site: ${site}`];
    // Otherwise a page at another port of this host looks like ours if a proxy dropped the port.
    assert.equal((await post(server, ...foreign, FOR)).status, 403, site);
  }
});

Deno.test("a proxy may drop Host's port if it sends X-Forwarded-Host", async () => {
  await using server = await startTestServer(TRUSTED);
  const lines = ["Host: cam.example", "X-Forwarded-Host: cam.example:8443", FOR];
  assert.equal((await post(server, ...lines, "Origin: http://cam.example:8443")).status, 200);
  assert.equal((await post(server, ...lines, "Origin: http://cam.example:9443")).status, 403);
  assert.equal((await post(server, ...lines, "Origin: http://cam.example")).status, 403);
});

Deno.test("another site's page is not blamed on a proxy", async () => {
  await using server = await startTestServer({ allowHost: ["cam.example"] });
  for (const origin of ["http://evil.example", "null", "file://", "evil", "chrome-extension://a"]) {
    const { status, detail } = await post(server, "Host: cam.example", `Origin: ${origin}`);
    assert.deepEqual([status, /proxy/.test(detail)], [403, false], origin);
  }
  assert.deepEqual(server.log.lines, []);
});

const HANDSHAKE = [
  "Connection: close",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
];

Deno.test("a proxy that drops Upgrade: response and log name the remedy, the log once", async () => {
  await using server = await startTestServer();
  for (let i = 0; i < 3; i++) {
    const lines = ["GET /live HTTP/1.1", "Host: localhost", ...HANDSHAKE];
    const { status, body } = await rawHttp(server, requestOf(...lines));
    assert.equal(status, 426);
    assert.match(body, /Upgrade \$http_upgrade;.*Connection \\"upgrade\\";/);
  }
  assert.equal(server.log.lines.length, 1);
  assert.match(server.log.lines[0], /Upgrade \$http_upgrade;" and "proxy_set_header Connection /);
});

Deno.test("a page that polls because its WebSocket is refused learns why that fails, too", async () => {
  await using server = await startTestServer();
  const poll = async (headers: Record<string, string>) => {
    const response = await server.get("/live", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: '{"key":"k"}',
    });
    return [response.status, (await response.json()).detail];
  };
  const renamed = { origin: "http://127.0.0.1:1" };
  const [refused, line] = await poll(renamed);
  assert.equal(refused, 403);
  assert.match(line, HOST_LINE);
  const [status] = await poll({ ...renamed, "sec-fetch-site": "same-origin" });
  assert.equal(status, 200, "the browser says that it is the server's own page");
});
