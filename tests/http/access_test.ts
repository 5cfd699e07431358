import assert from "node:assert/strict";
import type { RouteTable } from "../../src/http/route.ts";
import { guardRoutes } from "../../src/http/access.ts";
import { newViewer, startTestServer, type TestServer, TINY_JPEG } from "../support/test_server.ts";

const SITE = "https://example.com";

/** Aliases and the routes that they stand for. */
const ALIASES = [
  ["/?action=stream", "/stream"],
  ["/?action=stream_0?nonce=1", "/stream"],
  ["/webcam/?action=stream", "/stream"],
  ["/stream/", "/stream"],
  ["/?action=snapshot", "/snapshot"],
  ["/admin/?action=snapshot", "/snapshot"],
  ["/snapshot.jpg", "/snapshot"],
  ["/webcam/snapshot.jpg", "/snapshot"],
  ["/webcam/state/", "/state"],
] as const;

/** Response headers that follow from a route's policy. */
const POLICY_HEADERS = [
  "access-control-allow-origin",
  "access-control-expose-headers",
  "content-security-policy",
  "cross-origin-resource-policy",
  "vary",
  "www-authenticate",
  "x-frame-options",
];

/** Requests that policies treat differently. */
const REQUESTS: readonly RequestInit[] = [
  {},
  { method: "HEAD" },
  { method: "POST" },
  { headers: { origin: SITE } },
  { headers: { referer: `${SITE}/`, "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" } },
  { headers: { origin: "https://evil.example" } },
  { headers: { "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe" } },
];

async function outcome(server: TestServer, path: string, init: RequestInit) {
  const response = await server.get(path, init);
  await response.body?.cancel();
  const headers = POLICY_HEADERS.map((name) => [name, response.headers.get(name)]);
  return { status: response.status, ...Object.fromEntries(headers) };
}

for (const [alias, path] of ALIASES) {
  Deno.test(`${alias} has the policy and the headers of ${path}`, async () => {
    await using open = await startTestServer({ allowedOrigins: [SITE] });
    await using closed = await startTestServer({ allowedOrigins: [SITE], password: "sesame" });
    for (const server of [open, closed]) {
      server.program.publish(TINY_JPEG);
      for (const init of REQUESTS) {
        const expected = await outcome(server, path, init);
        assert.deepEqual(await outcome(server, alias, init), expected, JSON.stringify(init));
      }
    }
  });

  Deno.test(`${alias} refuses banned viewers as ${path} does`, async () => {
    await using server = await startTestServer();
    server.program.publish(TINY_JPEG);
    const headers = await newViewer(server);
    const author = server.people.authorOf(headers.cookie.split("=")[1]!);
    server.moderation.ban(author);
    const expected = path === "/state" ? 200 : 403;
    for (const asked of [path, alias]) {
      assert.equal((await outcome(server, asked, { headers })).status, expected, asked);
    }
  });
}

/** Paths of the table whose route has a policy like this; files are left out. */
function pathsWhere(routes: RouteTable, key: "access" | "shared", value: string): string[] {
  return [...routes].filter(([path, route]) => route[key] === value && !/^\/.*\.\w+$/.test(path))
    .map(([path]) => path).sort();
}

Deno.test("route table opens to everyone, and to other sites, only what it must", async () => {
  await using server = await startTestServer({ password: "sesame" });
  const { routes } = server;
  assert.deepEqual(pathsWhere(routes, "access", "everyone"), [
    "/healthz",
    "/language",
    "/login",
    // They ask for a ticket, which only the streamer gets.
    "/recordings/file",
    "/recordings/thumbnail",
    "/studio",
  ]);
  const streamers = pathsWhere(routes, "access", "streamer");
  assert.deepEqual(streamers.filter((path) => !path.startsWith("/admin/")), ["/metrics"]);
  const admin = [...routes].filter(([path]) => path.startsWith("/admin/"));
  assert(admin.length > 10);
  for (const [path, { access }] of admin) assert.equal(access, "streamer", path);
  assert.deepEqual(pathsWhere(routes, "shared", "frame"), ["/embed"]);
  assert.deepEqual(pathsWhere(routes, "shared", "data"), [
    "/events",
    "/snapshot",
    "/state",
    "/stream",
  ]);
  assert.equal(routes.get("/snapshot.jpg"), routes.get("/snapshot"));
});

Deno.test("guarded routes keep their policy and their methods", async () => {
  await using server = await startTestServer();
  const guarded = guardRoutes(server.routes, server.access);
  assert.deepEqual([...guarded.keys()], [...server.routes.keys()]);
  for (const [path, route] of server.routes) {
    const { GET, HEAD, POST, ...policy } = guarded.get(path)!;
    const { GET: get, HEAD: head, POST: post, ...declared } = route;
    assert.deepEqual(policy, declared, path);
    assert.deepEqual([!GET, !HEAD, !POST], [!get, !head, !post], path);
  }
});

Deno.test("a path that does not exist is 404 below /admin/, and elsewhere asks viewers to log in", async () => {
  await using server = await startTestServer({ password: "sesame" });
  const statusOf = async (path: string) => (await outcome(server, path, {})).status;
  assert.equal(await statusOf("/admin/nothing"), 404);
  assert.equal(await statusOf("/nothing"), 401);
});
