import assert from "node:assert/strict";
import { UserError } from "../../src/errors.ts";
import { LiveClient } from "../support/live_client.ts";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import { ADMIN_TOKEN, startTestServer, TINY_JPEG } from "../support/test_server.ts";

const BASE = { basePath: "/cam/" };
const RELAYED = { "x-forwarded-for": "203.0.113.1" };
const PAGE = "text/html";

/** Status, Location and cookie of an answer. */
async function answerTo(asked: Promise<Response>) {
  const response = await asked;
  await response.body?.cancel();
  const [location, cookie] = ["location", "set-cookie"].map((name) => response.headers.get(name));
  return { status: response.status, location, cookie };
}

Deno.test("with a base path everything answers below it, and without it for a proxy that strips it", async () => {
  await using server = await startTestServer(BASE);
  server.program.publish(TINY_JPEG);
  const paths = ["/", "/stream", "/snapshot", "/state", "/embed", "/studio", "/healthz", "/qr.svg"];
  for (const path of [...paths, "/js/watch.js", "/?action=snapshot"]) {
    for (const asked of [path, `/cam${path}`]) {
      assert.equal((await answerTo(server.get(asked))).status, 200, asked);
    }
  }
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  for (const path of ["/admin/state", "/cam/admin/state"]) {
    assert.equal((await answerTo(server.get(path))).status, 401, path);
    assert.equal((await answerTo(server.get(path, { headers }))).status, 200, path);
  }
  assert.equal((await answerTo(server.get("/cam/metrics"))).status, 401);
  for (const path of ["/camera", "/cam/cam/", "/cam/nothing", "/CAM/"]) {
    assert.equal((await answerTo(server.get(path))).status, 404, path);
  }
});

Deno.test("the base path without its slash leads to the page, query and all", async () => {
  await using server = await startTestServer(BASE);
  const asked = await answerTo(server.get("/cam?donated"));
  assert.deepEqual([asked.status, asked.location], [303, "./cam/?donated"]);
  assert.equal((await answerTo(server.get("/cam", { method: "POST" }))).status, 404);
});

Deno.test("cookies hold below the base path, and at the root for clients that ask directly", async () => {
  await using server = await startTestServer({ ...BASE, trustedProxy: ["127.0.0.1"] });
  const cookieFor = async (path: string, headers: Record<string, string> = {}) =>
    (await answerTo(server.get(path, { headers }))).cookie ?? "";
  assert.match(await cookieFor("/cam/"), /^viewer=.*; Path=\/cam\/$/);
  assert.match(await cookieFor("/", RELAYED), /^viewer=.*; Path=\/cam\/$/);
  assert.match(await cookieFor("/"), /^viewer=.*; Path=\/$/);
  const https = { ...RELAYED, "x-forwarded-proto": "https" };
  const secure = await cookieFor("/", https);
  assert.match(secure, /^__Secure-viewer=.*; Secure; .*; Path=\/cam\/$/);
  const again = { ...https, cookie: `${secure.split(";")[0]}; viewer=x` };
  assert.equal(await cookieFor("/", again), "", "the browser is known by it");
});

Deno.test("cookies of a server above the base path do not count below it", async () => {
  await using server = await startTestServer(BASE);
  const [own, other] = [1, 2].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  // In the order in which browsers send them (RFC 6265 section 5.4).
  const headers = {
    cookie: `viewer=${own}; viewer=${other}`,
    "content-type": "application/json",
  };
  const posted = { method: "POST", headers, body: JSON.stringify({ quality: "low" }) };
  assert.equal((await answerTo(server.get("/cam/settings", posted))).status, 200);
  assert.equal(server.choices.get(own).quality, "low");
});

Deno.test("forms, log-in and error pages lead back below any path", async () => {
  await using server = await startTestServer({ ...BASE, password: "open sesame" });
  const form = (fields: Record<string, string>) => ({
    method: "POST",
    body: new URLSearchParams(fields),
  });
  const whole = (path: string, location: string | null) =>
    new URL(location ?? "", server.origin + path).pathname;
  for (const prefix of ["", "/cam"]) {
    const asked = await answerTo(server.get(`${prefix}/embed`, { headers: { accept: PAGE } }));
    assert.equal(whole(`${prefix}/embed`, asked.location), `${prefix}/login`);
    assert.match(asked.location!, /to=%2Fembed$/);
    const entered = form({ password: "open sesame", to: "/embed" });
    const { cookie, location } = await answerTo(server.get(`${prefix}/login`, entered));
    assert.equal(whole(`${prefix}/login`, location), `${prefix}/embed`);
    const headers = { cookie: cookie!.split(";")[0], accept: PAGE };
    for (
      const [path, fields] of [
        ["/settings", { quality: "low" }],
        ["/chat", { text: "Hi", name: `Ada ${prefix.length}` }],
        ["/donate", {}],
      ] as const
    ) {
      const posted = await answerTo(server.get(prefix + path, { ...form(fields), headers }));
      assert.deepEqual(
        [posted.status, whole(prefix + path, posted.location)],
        [303, `${prefix}/`],
      );
    }
    for (const path of ["/nothing", "/no/thing/at/all"]) {
      const page = await (await server.get(prefix + path, { headers })).text();
      const [, link] = /<a href="([^"]*)">/.exec(page) ?? [];
      assert.equal(whole(prefix + path, link), `${prefix}/`, path);
    }
  }
});

Deno.test("log-in and error pages lead back from addresses of mjpg-streamer, too", async () => {
  await using server = await startTestServer({ ...BASE, password: "open sesame" });
  const headers = { accept: PAGE };
  for (const prefix of ["", "/cam"]) {
    for (
      const path of ["/webcam/?action=stream", "/webcam/stream", "/stream/", "/?action=stream"]
    ) {
      const { status, location } = await answerTo(server.get(prefix + path, { headers }));
      const login = new URL(location!, server.origin + prefix + path);
      const shown = [status, login.pathname, login.searchParams.get("to")];
      assert.deepEqual(shown, [303, `${prefix}/login`, "/stream"], path);
      const refused = await server.get(prefix + path, { headers, method: "POST" });
      const [, link] = /<a href="([^"]*)">/.exec(await refused.text()) ?? [];
      assert.equal(new URL(link, server.origin + prefix + path).pathname, `${prefix}/`, path);
    }
  }
});

Deno.test("whole addresses have the base path", async () => {
  const page = "{{shareUrl}} {{{openGraph}}}";
  await using server = await startTestServer({ ...BASE, page });
  const shown = await rawHttp(server, requestOf("GET /cam/ HTTP/1.1", "Host: 192.0.2.7"));
  assert.match(shown.body, /^http:\/\/192\.0\.2\.7\/cam\/ /);
  assert.match(shown.body, /"og:url" content="http:\/\/192\.0\.2\.7\/cam\/"/);
  assert.match(shown.body, /"og:image" content="http:\/\/192\.0\.2\.7\/cam\/snapshot\.jpg"/);
});

Deno.test("the WebSocket opens below the base path", async () => {
  await using server = await startTestServer(BASE);
  const origin = `${server.origin}/cam`;
  await using page = await LiveClient.open({ ...server, origin });
  await page.next("hello");
});

Deno.test("a base path that is the program's own address is refused", async () => {
  for (const basePath of ["/stream/", "/js/", "/admin/cam/"]) {
    await assert.rejects(startTestServer({ basePath }), (error) => {
      assert(error instanceof UserError);
      const [, first] = basePath.split("/");
      assert.equal(
        error.message,
        `Choose another --base-path: the program itself uses /${first}`,
      );
      return error.exitCode === 2;
    });
  }
});
