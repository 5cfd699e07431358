import assert from "node:assert/strict";
import { renderSVG } from "uqr";
import { startTestServer } from "../../support/test_server.ts";

Deno.test("page has a preview for sites where it is shared", async () => {
  await using server = await startTestServer({ page: "{{{openGraph}}}" });
  const html = await (await server.get("/")).text();
  for (
    const [property, content] of [
      ["og:type", "video.other"],
      ["og:title", "&lt;Tea&gt; &amp; cake"],
      ["og:url", `${server.origin}/`],
      ["og:image", `${server.origin}/snapshot.jpg`],
    ]
  ) assert(html.includes(`<meta property="${property}" content="${content}">`), property);
  assert.match(html, /og:description/);
});

Deno.test("page shares an address that other devices can reach, also as the QR code", async () => {
  await using server = await startTestServer({ page: "{{shareUrl}}" });
  assert.equal(await (await server.get("/")).text(), "http://10.0.0.5:8081/");
  const code = await server.get("/qr.svg");
  assert.equal(code.headers.get("content-type"), "image/svg+xml");
  assert.equal(await code.text(), renderSVG("http://10.0.0.5:8081/", { border: 2 }));
});

Deno.test("studio page is public and does not contain the token", async () => {
  await using server = await startTestServer({
    files: { "/studio.html": "<title>Studio</title>" },
  });
  const response = await server.get("/studio");
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(await response.text(), "<title>Studio</title>");
});
