import assert from "node:assert/strict";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import { startTestServer } from "../support/test_server.ts";

for (const path of ["/settings", "/chat", "/qr.svg", "/css/watch.css", "/healthz"]) {
  Deno.test(`HEAD ${path} has the length of GET and no body`, async () => {
    await using server = await startTestServer();
    const get = await server.get(path);
    const { byteLength } = await get.arrayBuffer();
    const request = requestOf(
      `HEAD ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${server.port}`,
      "Connection: close",
    );
    const { status, headers, body } = await rawHttp(server, request);
    assert.equal(status, get.status);
    assert.equal(Number(headers.get("content-length")), byteLength);
    assert.equal(body, "");
    assert.ok(byteLength > 0);
  });
}
