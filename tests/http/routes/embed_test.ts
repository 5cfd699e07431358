import assert from "node:assert/strict";
import { startTestServer, type TestServer, TINY_JPEG } from "../../support/test_server.ts";

const SITE = "https://example.com";
const files = { "/embed.html": "<title>{{title}}</title>" };

async function headersOf(server: TestServer, path: string, origin?: string) {
  const headers: Record<string, string> = origin ? { origin } : {};
  const response = await server.get(path, { headers });
  await response.body?.cancel();
  const get = (name: string) => response.headers.get(name);
  return {
    ancestors: /frame-ancestors (.*)$/.exec(get("content-security-policy")!)?.[1],
    policy: get("cross-origin-resource-policy"),
    allowed: get("access-control-allow-origin"),
    vary: get("vary"),
  };
}

const CLOSED = { ancestors: "'self'", policy: "same-origin", allowed: null, vary: null };
const SHARED_PATHS = ["/stream", "/snapshot", "/snapshot.jpg", "/state"];

Deno.test("embed is filled in like the watch page, and has no second address", async () => {
  await using server = await startTestServer({ files });
  assert.equal(await (await server.get("/embed")).text(), "<title>&lt;Tea&gt; &amp; cake</title>");
  const second = await server.get("/embed.html");
  await second.body?.cancel();
  assert.equal(second.status, 404);
});

Deno.test("embed and the stream are closed to other sites unless they are allowed", async () => {
  await using server = await startTestServer({ files });
  server.hub.publish(TINY_JPEG);
  for (const path of ["/", "/embed", ...SHARED_PATHS]) {
    assert.deepEqual(await headersOf(server, path, SITE), CLOSED, path);
  }
});

Deno.test("embed may stand in the frames of allowed sites, and no other page may", async () => {
  const allowedOrigins = [SITE, "http://b.example:8080"];
  await using server = await startTestServer({ files, allowedOrigins });
  assert.deepEqual(await headersOf(server, "/embed", SITE), {
    ...CLOSED,
    ancestors: `'self' ${SITE} http://b.example:8080`,
    policy: "cross-origin",
  });
  for (const path of ["/", "/settings", "/chat", "/studio", "/qr.svg", "/nowhere"]) {
    assert.deepEqual(await headersOf(server, path, SITE), CLOSED, path);
  }
});

Deno.test("stream, snapshot and state may be read by allowed sites, and by no others", async () => {
  await using server = await startTestServer({ files, allowedOrigins: [SITE] });
  server.hub.publish(TINY_JPEG);
  for (const path of SHARED_PATHS) {
    const open = { ...CLOSED, policy: "cross-origin", vary: "origin" };
    assert.deepEqual(await headersOf(server, path, SITE), { ...open, allowed: SITE }, path);
    assert.deepEqual(await headersOf(server, path, "https://evil.example"), open, path);
    assert.deepEqual(await headersOf(server, path), open, path);
  }
});
