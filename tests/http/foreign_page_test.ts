import assert from "node:assert/strict";
import { startTestServer, TINY_JPEG } from "../support/test_server.ts";

const EVIL = "http://octopi.local";
const BLOCKED =
  `warn: Blocked ${EVIL} from showing the stream: to allow it, add --allow-origin ${EVIL}`;

/** Chromium's headers for an image on a page of EVIL: over HTTPS or loopback, and over plain HTTP. */
const TRUSTED = { referer: `${EVIL}/`, "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" };
const PLAIN = { referer: `${EVIL}/`, accept: "image/avif,image/webp,*/*;q=0.8" };

async function startWithFrame(allowedOrigins: readonly string[] = []) {
  const server = await startTestServer({ allowedOrigins });
  server.program.publish(TINY_JPEG);
  const statusOf = async (path: string, headers: Record<string, string> = {}) => {
    const response = await server.get(path, { headers });
    await response.body?.cancel();
    return response.status;
  };
  return { ...server, statusOf };
}

for (
  const path of ["/stream", "/snapshot", "/state", "/?action=stream?1", "/webcam/?action=snapshot"]
) {
  Deno.test(`${path} refuses another site's page and logs it once`, async () => {
    await using server = await startWithFrame();
    for (let i = 0; i < 3; i++) assert.equal(await server.statusOf(path, TRUSTED), 403);
    assert.equal(await server.statusOf(path, { ...TRUSTED, "sec-fetch-site": "same-site" }), 403);
    assert.equal(await server.statusOf(path, { origin: EVIL }), 403);
    assert.equal(await server.statusOf(path, { origin: "null" }), 403);
    const refused = await server.get(path, { headers: TRUSTED });
    assert.match((await refused.json()).detail, /--allow-origin http:\/\/octopi\.local/);
    assert.deepEqual(server.log.lines.filter((line) => line.includes(EVIL)), [BLOCKED]);
    assert.equal(server.audience.count, 0);
  });
}

Deno.test("a foreign Referer alone is left to the browser, since a proxy may have changed our address", async () => {
  await using server = await startWithFrame();
  const response = await server.get("/snapshot", { headers: PLAIN });
  await response.body?.cancel();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin");
  assert.deepEqual(server.log.lines, [BLOCKED]);
});

Deno.test("allowed sites, our own pages, programs and links are not blocked", async () => {
  await using server = await startWithFrame([EVIL]);
  const { origin } = server;
  const passing: Record<string, string>[] = [
    {},
    TRUSTED,
    PLAIN,
    { origin: EVIL, "sec-fetch-site": "cross-site" },
    { referer: `${origin}/`, "sec-fetch-site": "same-origin" },
    { referer: `${origin}/` },
    { origin },
    // HTTPS ends at an untrusted proxy.
    { referer: `${origin.replace("http:", "https:")}/` },
    { referer: "http://stream.example/", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none", "sec-fetch-dest": "document" },
    // Somebody follows a link on another page.
    {
      "sec-fetch-site": "cross-site",
      "sec-fetch-dest": "document",
      referer: "http://b.example/",
    },
    { accept: "text/html,*/*;q=0.8", referer: "http://b.example/" },
    { referer: "android-app://com.example/" },
    { referer: "not an address" },
  ];
  for (const headers of passing) {
    assert.equal(await server.statusOf("/snapshot", headers), 200, JSON.stringify(headers));
  }
  assert.deepEqual(server.log.lines, []);
});

Deno.test("a frame of another site is logged and blocked by response headers", async () => {
  await using server = await startWithFrame();
  const frame = { ...TRUSTED, "sec-fetch-dest": "iframe", accept: "text/html" };
  assert.equal(await server.statusOf("/embed", frame), 200);
  assert.deepEqual(server.log.lines, [BLOCKED]);
  assert.equal(await server.statusOf("/embed", { ...PLAIN, accept: "text/html" }), 200);
  assert.equal(server.log.lines.length, 1);
});

Deno.test("a page that hides its origin gets a 403 that says what to change", async () => {
  await using server = await startWithFrame([EVIL]);
  const { referer: _, ...hidden } = TRUSTED;
  const response = await server.get("/stream", { headers: hidden });
  assert.equal(response.status, 403);
  assert.match((await response.json()).detail, /Referer/);
  assert.match(server.log.lines[0], /^warn: Blocked a page that does not name its site /);
});

Deno.test("the log names few foreign sites, and only clean origins", async () => {
  await using server = await startWithFrame();
  for (const referer of ["http://a.example/secret?token=1#x", "http://user:pass@b.example/"]) {
    await server.statusOf("/state", { ...TRUSTED, referer });
  }
  await server.statusOf("/state", { ...TRUSTED, referer: `http://${"x".repeat(300)}/` });
  // Valid hosts for URL, but commands in a shell into which the advice is pasted.
  for (const host of ["a;{reboot,-f};.x", "$(reboot)", "`id`.x", "a'b", "*"]) {
    await server.statusOf("/state", { ...TRUSTED, referer: `http://${host}/` });
  }
  for (let i = 0; i < 100; i++) {
    await server.statusOf("/state", { ...TRUSTED, referer: `http://${i}.example/` });
  }
  const { lines } = server.log;
  assert.match(lines[0], /Blocked http:\/\/a\.example from/);
  assert.match(lines[1], /Blocked http:\/\/b\.example from/);
  assert.match(lines[2], /does not name its site/);
  assert.equal(lines.length, 20);
  assert.doesNotMatch(lines.join(), /secret|token|user|pass@|xxx|reboot|[;`'*]/);
});
