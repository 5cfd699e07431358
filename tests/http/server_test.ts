import assert from "node:assert/strict";
import { UserError } from "../../src/errors.ts";
import { startServer } from "../../src/http/server.ts";
import { startTestServer } from "../support/test_server.ts";

Deno.test("server explains what to do if its port is in use", async () => {
  await using server = await startTestServer();
  assert.throws(
    () => startServer({ host: "127.0.0.1", port: server.port }, server),
    (error) =>
      error instanceof UserError && error.exitCode === 1 &&
      error.message.includes(`Port ${server.port}`) && error.message.includes("--port"),
  );
});

Deno.test("server answers unknown paths with 404, in JSON or as a page", async () => {
  await using server = await startTestServer();
  const json = await server.get("/nowhere");
  assert.equal(json.status, 404);
  assert.deepEqual(await json.json(), {
    error: "Not Found",
    detail: "Not found: /nowhere",
    code: "not-found",
    values: { path: "/nowhere" },
  });
  const page = await server.get("/<b>", { headers: { accept: "text/html,*/*;q=0.8" } });
  assert.match(page.headers.get("content-type")!, /^text\/html/);
  assert.doesNotMatch(await page.text(), /<b>/);
  for (const { headers } of [json, page]) {
    assert.equal(headers.get("cache-control"), "no-store");
    assert.match(headers.get("vary")!, /\baccept\b(?!-)/);
  }
});

for (
  const [method, path, allow] of [
    ["DELETE", "/stream", "GET, HEAD"],
    ["POST", "/state", "GET, HEAD"],
    ["GET", "/donate", "POST"],
    ["PUT", "/settings", "GET, HEAD, POST"],
  ]
) {
  Deno.test(`server answers ${method} ${path} with 405 and the allowed methods`, async () => {
    await using server = await startTestServer();
    const response = await server.get(path, { method });
    await response.body?.cancel();
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), allow);
  });
}

Deno.test("server sends security headers with every response", async () => {
  await using server = await startTestServer();
  for (const path of ["/", "/state", "/nowhere", "/healthz"]) {
    const response = await server.get(path);
    await response.body?.cancel();
    assert.match(response.headers.get("content-security-policy")!, /script-src 'self'/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("server serves static files with a type, and answers 304 to a matching tag", async () => {
  await using server = await startTestServer();
  const first = await server.get("/favicon.svg");
  assert.equal(first.headers.get("content-type"), "image/svg+xml");
  assert.match(await first.text(), /<svg/);
  const etag = first.headers.get("etag")!;
  const strong = etag.replace(/^W\//, "");
  const statusOf = async (tags: string) => {
    const again = await server.get("/favicon.svg", { headers: { "if-none-match": tags } });
    await again.body?.cancel();
    return again.status;
  };
  for (const tags of [etag, strong, `W/${strong}`, `"other" , ${etag}`, `${etag},"other"`, "*"]) {
    assert.equal(await statusOf(tags), 304, tags);
  }
  for (const tags of ['"other"', strong.slice(0, -1), `${strong.slice(0, -1)}x"`, "W/", ","]) {
    assert.equal(await statusOf(tags), 200, tags);
  }
});

Deno.test("server serves no file outside the static folder, nor its configuration", async () => {
  await using server = await startTestServer();
  for (const path of ["/deno.json", "/../main.ts", "/%2e%2e/main.ts", "/index.html", "/js"]) {
    const response = await server.get(path);
    await response.body?.cancel();
    assert.equal(response.status, 404, path);
  }
});

Deno.test("server refuses posts of another site's page", async () => {
  await using server = await startTestServer();
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:1"]) {
    const response = await server.get("/donate", { method: "POST", headers: { origin } });
    await response.body?.cancel();
    assert.equal(response.status, 403, origin);
  }
  assert.equal(server.donations.count, 0);
});
