import assert from "node:assert/strict";
import { startTestServer, type TestServer, TINY_JPEG } from "../../support/test_server.ts";

const SITE = "https://example.com";
const EVIL = "https://evil.example";
const files = { "/embed.html": "<title>{{title}}</title>" };

async function headersOf(server: TestServer, path: string, headers: Record<string, string> = {}) {
  const response = await server.get(path, { headers });
  await response.body?.cancel();
  const get = (name: string) => response.headers.get(name);
  return {
    ancestors: /frame-ancestors (.*)$/.exec(get("content-security-policy")!)?.[1],
    policy: get("cross-origin-resource-policy"),
    allowed: get("access-control-allow-origin"),
    // Pages also vary by what they are compressed for, and problems by what the client accepts.
    vary: get("vary")?.replace(/^accept(?:-encoding)?(?:, accept-encoding)?(?:, )?/, "") || null,
  };
}

const VARY = "origin, referer, sec-fetch-site";
const PRIVATE = { ancestors: "'self'", policy: "same-origin", allowed: null, vary: null };
const CLOSED = { ...PRIVATE, vary: VARY };
const SHARED_PATHS = [
  "/stream",
  "/snapshot",
  "/snapshot.jpg",
  "/state",
  "/?action=stream",
  "/?action=snapshot?123",
  "/webcam/?action=stream_0",
  "/stream/",
];

/** Browsers' headers for an image on a page: to addresses they trust, and over plain HTTP. */
function imageOf(site: string): Record<string, string>[] {
  return [
    { referer: `${site}/`, "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" },
    { referer: `${site}/` },
  ];
}

Deno.test("embed is filled in like the watch page, and has no second path", async () => {
  await using server = await startTestServer({ files });
  assert.equal(await (await server.get("/embed")).text(), "<title>&lt;Tea&gt; &amp; cake</title>");
  const second = await server.get("/embed.html");
  await second.body?.cancel();
  assert.equal(second.status, 404);
});

Deno.test("embed and the stream are closed to other sites unless they are allowed", async () => {
  await using server = await startTestServer({ files });
  server.program.publish(TINY_JPEG);
  assert.deepEqual(await headersOf(server, "/", { origin: SITE }), PRIVATE);
  for (const path of ["/embed", ...SHARED_PATHS]) {
    for (const headers of [...imageOf(SITE), { origin: SITE }]) {
      assert.deepEqual(await headersOf(server, path, headers), CLOSED, path);
    }
  }
});

Deno.test("embed is the only page that allowed sites may frame", async () => {
  const allowedOrigins = [SITE, "http://b.example:8080"];
  await using server = await startTestServer({ files, allowedOrigins });
  const framed = { ...CLOSED, ancestors: `'self' ${SITE} http://b.example:8080` };
  const headers = { referer: `${SITE}/page`, "sec-fetch-dest": "iframe" };
  assert.deepEqual(await headersOf(server, "/embed", headers), {
    ...framed,
    policy: "cross-origin",
  });
  assert.deepEqual(await headersOf(server, "/embed"), framed);
  for (const path of ["/", "/settings", "/chat", "/studio", "/qr.svg", "/nowhere"]) {
    assert.deepEqual(await headersOf(server, path, { origin: SITE }), PRIVATE, path);
  }
});

Deno.test("only allowed sites may read stream, snapshot and state", async () => {
  await using server = await startTestServer({ files, allowedOrigins: [SITE] });
  server.program.publish(TINY_JPEG);
  for (const path of SHARED_PATHS) {
    const open = { ...CLOSED, policy: "cross-origin" };
    const read = await headersOf(server, path, { origin: SITE });
    assert.deepEqual(read, { ...open, allowed: SITE }, path);
    for (const headers of imageOf(SITE)) {
      assert.deepEqual(await headersOf(server, path, headers), open, path);
    }
    for (
      const headers of [...imageOf(EVIL), { origin: EVIL }]
    ) {
      assert.deepEqual(await headersOf(server, path, headers), CLOSED, path);
    }
    assert.deepEqual(await headersOf(server, path), CLOSED, path);
  }
});
