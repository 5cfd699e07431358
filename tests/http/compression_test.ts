import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { startTestServer, TINY_JPEG } from "../support/test_server.ts";
import { fetchWire, type WireResponse } from "../support/wire_client.ts";

const GZIP = { "accept-encoding": "gzip, deflate, br" };
const page = "<p>Tea, tea, tea, tea, tea, tea, tea, tea, tea, tea, tea, tea, tea, tea and cake</p>";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Checks that both responses have the same content, and caches know that they differ. */
function assertSame(plain: WireResponse, zipped: WireResponse): void {
  assert.equal(plain.headers.get("content-encoding"), null);
  assert.equal(zipped.headers.get("content-encoding"), "gzip");
  assert.equal(text(gunzipSync(zipped.body)), text(plain.body));
  assert.ok(zipped.body.length < plain.body.length);
  for (const { headers, body } of [plain, zipped]) {
    assert.match(headers.get("vary") ?? "", /accept-encoding/);
    assert.equal(Number(headers.get("content-length")), body.length);
  }
}

for (const path of ["/", "/embed", "/studio"]) {
  Deno.test(`${path} is compressed for clients that take gzip`, async () => {
    await using server = await startTestServer({ page, files: { "/embed.html": page } });
    const url = server.origin + path;
    assertSame(await fetchWire(url), await fetchWire(url, GZIP));
  });
}

Deno.test("files are compressed for clients that take gzip, with an ETag of their own", async () => {
  await using server = await startTestServer();
  const url = `${server.origin}/js/watch.js`;
  const [plain, zipped] = [await fetchWire(url), await fetchWire(url, GZIP)];
  assertSame(plain, zipped);
  const tags = [plain, zipped].map(({ headers }) => headers.get("etag") ?? "");
  assert.notEqual(tags[0], tags[1]);
  for (const [headers, own, other] of [[{}, ...tags], [GZIP, tags[1], tags[0]]] as const) {
    const known = await fetchWire(url, { ...headers, "if-none-match": own });
    assert.deepEqual([known.status, known.headers.get("etag")], [304, own]);
    assert.match(known.headers.get("vary") ?? "", /accept-encoding/);
    const unknown = await fetchWire(url, { ...headers, "if-none-match": other });
    assert.equal(unknown.status, 200);
    const { headers: head, body } = await fetchWire(url, headers, "HEAD");
    assert.equal(body.length, 0);
    assert.equal(head.get("etag"), own);
    const get = await fetchWire(url, headers);
    assert.equal(head.get("content-length"), String(get.body.length));
    assert.equal(head.get("content-encoding"), get.headers.get("content-encoding"));
  }
});

for (const accept of ["identity", "br", "gzip;q=0", "gzip;q=0.2, identity", ""]) {
  Deno.test(`files are not compressed for Accept-Encoding: ${accept}`, async () => {
    await using server = await startTestServer();
    const url = `${server.origin}/js/watch.js`;
    const { headers } = await fetchWire(url, { "accept-encoding": accept });
    assert.equal(headers.get("content-encoding"), null);
  });
}

Deno.test("files that compression does not make smaller, and pictures, are sent as they are", async () => {
  await using server = await startTestServer({ files: { "/a.png": "abc" } });
  server.program.publish(TINY_JPEG);
  for (const path of ["/a.png", "/snapshot"]) {
    const { headers } = await fetchWire(server.origin + path, GZIP);
    assert.equal(headers.get("content-encoding"), null, path);
  }
  const stream = await server.get("/stream", { headers: GZIP });
  assert.equal(stream.headers.get("content-encoding"), null);
  await stream.body?.cancel();
});
