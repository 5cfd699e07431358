import assert from "node:assert/strict";
import { startTestServer } from "../../support/test_server.ts";

/** Returns the size of a PNG: `192x192`. */
function sizeOf(png: Uint8Array): string {
  const header = new DataView(png.buffer, png.byteOffset);
  return `${header.getUint32(16)}x${header.getUint32(20)}`;
}

Deno.test("manifest has the title of the stream, and icons of the sizes that it names", async () => {
  await using server = await startTestServer();
  const response = await server.get("/manifest.webmanifest");
  assert.equal(response.headers.get("content-type"), "application/manifest+json");
  const manifest = await response.json();
  assert.deepEqual([manifest.name, manifest.start_url], ["<Tea> & cake", "./"]);
  server.channel.setTitle("Bird box");
  const renamed = await (await server.get("/manifest.webmanifest")).json();
  assert.equal(renamed.name, "Bird box");
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await server.get(`/${src}`);
    assert.equal(icon.headers.get("content-type"), type);
    const bytes = await icon.bytes();
    if (type === "image/png") assert.equal(sizeOf(bytes), sizes);
  }
});

Deno.test("browsers and crawlers find the files that they ask for unasked", async () => {
  await using server = await startTestServer({ password: "open sesame" });
  const ico = await server.get("/favicon.ico");
  assert.deepEqual([ico.status, ico.headers.get("content-type")], [200, "image/x-icon"]);
  assert.deepEqual([...(await ico.bytes()).subarray(0, 6)], [0, 0, 1, 0, 1, 0]);
  const robots = await server.get("/robots.txt");
  assert.equal(robots.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(await robots.text(), /^Disallow: \/stream$/m);
});
