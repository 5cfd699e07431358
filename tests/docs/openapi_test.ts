import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { MODES } from "../../src/consumers/session/choices.ts";
import type { RecordingSettings } from "../../src/app/recording.ts";
import { openStorage } from "../../src/consumers/recording/storage.ts";
import type { Handlers, Route } from "../../src/http/route.ts";
import { QUALITY_NAMES } from "../../src/media/qualities.ts";
import { FILTERS, SCALES } from "../../src/media/rendition.ts";
import { ROTATIONS } from "../../src/media/turn.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import {
  OPENAPI,
  type Operation,
  parametersOf,
  requestViolation,
  responseViolation,
} from "../support/openapi.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../support/replayed_track.ts";
import { SoundEmitter } from "../support/sound_emitter.ts";
import {
  ADMIN_TOKEN,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../support/test_server.ts";

const PASSWORD = "sesame";
const SECRETS = {
  viewer: { authorization: `Basic ${btoa(`:${PASSWORD}`)}` },
  streamer: { authorization: `Bearer ${ADMIN_TOKEN}` },
  everyone: {},
} as const;

const OPERATIONS = Object.entries(OPENAPI.paths).flatMap(([path, { get, post }]) => [
  ...(get ? [{ path, method: "get" as const, operation: get }] : []),
  ...(post ? [{ path, method: "post" as const, operation: post }] : []),
]);

/** Returns who may use an operation, as the route table names it. */
function accessOf({ security = OPENAPI.security }: Operation): Route["access"] {
  const [first] = security;
  if (first === undefined) return "everyone";
  return "token" in first ? "streamer" : "viewer";
}

Deno.test("the OpenAPI document is valid", async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(OPENAPI) });
  assert.ok(valid, JSON.stringify(errors));
});

Deno.test("the OpenAPI document has the paths, methods and access of the route table", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const methodsOf = (
    { GET, POST }: Handlers,
  ) => [...(GET ? ["get"] : []), ...(POST ? ["post"] : [])];
  const actual = [...server.routes].flatMap(([path, route]) => {
    if (server.files.has(path)) return [];
    const { access, shared } = route;
    return methodsOf(route).map((method) => ({ path, method, access, shared }));
  });
  const documented = OPERATIONS.filter(({ path }) => path !== "/{file}").map((
    { path, method, operation },
  ) => ({
    path,
    method,
    access: accessOf(operation),
    shared: operation["x-shared"],
  }));
  const sorted = (list: typeof actual | typeof documented) =>
    list.map((one) => JSON.stringify(one)).toSorted();
  assert.deepEqual(sorted(documented), sorted(actual));
});

Deno.test("the OpenAPI document lists the values that the program knows", () => {
  const { Mode, Quality, Filter, Rotation, Delivery } = OPENAPI.components.schemas;
  assert.deepEqual(Mode.enum, [...MODES]);
  assert.deepEqual(Quality.enum?.toSorted(), [...QUALITY_NAMES].toSorted());
  assert.deepEqual(Filter.enum, FILTERS);
  assert.deepEqual(Rotation.enum, [...ROTATIONS]);
  const { properties } = Delivery as { properties: { scale: { enum: number[] } } };
  assert.deepEqual(properties.scale.enum, [...SCALES]);
});

Deno.test("numeric parameters take the documented range and no more", async (t) => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  for (const { path, operation } of OPERATIONS) {
    for (const { name, in: place, schema: { type, minimum, maximum } } of parametersOf(operation)) {
      if (place !== "query" || minimum === undefined || maximum === undefined) continue;
      await t.step(`${path}?${name}`, async () => {
        const statusOf = async (value: number) => {
          const response = await server.get(`${path}?${name}=${value}`, { method: "HEAD" });
          return response.status;
        };
        const step = type === "integer" ? 1 : 0.001;
        assert.equal(await statusOf(minimum), 200, `${minimum}`);
        assert.equal(await statusOf(minimum - step), 400, `${minimum - step}`);
        assert.equal(await statusOf(maximum), 200, `${maximum}`);
        assert.equal(await statusOf(maximum + step), 400, `${maximum + step}`);
      });
    }
  }
});

const RECORDING = "2026-11-26_14.03.20Z.mp4";
const recordings = temporaryFolder();
addEventListener("unload", () => recordings[Symbol.dispose]());

/** A folder with one recording and its thumbnail. */
async function recordingSettings(): Promise<RecordingSettings> {
  const { path } = recordings;
  Deno.writeFileSync(`${path}/${RECORDING}`, new Uint8Array(10));
  Deno.writeFileSync(`${path}/.${RECORDING}.jpg`, TINY_JPEG);
  return { storage: await openStorage(path), when: "off", codec: "copy", keep: null };
}

/** Returns what a path needs behind it to be answered. */
async function queryOf(server: TestServer, path: string): Promise<string> {
  if (!path.startsWith("/recordings/")) return "";
  const response = await request(server, "/admin/recordings/ticket", "post", {});
  return `?name=${RECORDING}&ticket=${(await response.json()).ticket}`;
}

/** A channel in which every list of the documented answers has an entry. */
async function busyServer(): Promise<TestServer> {
  const video = tracksOf(new ReplayedTrack(INVENTED_CLIP));
  const server = await startTestServer({
    ...{ password: PASSWORD, sound: new SoundEmitter(), video },
    recording: await recordingSettings(),
  });
  server.program.publish(TINY_JPEG);
  server.camera.publish(TINY_JPEG);
  const post = async (path: string, body: object) =>
    await (await request(server, path, "post", body)).json();
  const { message } = await post("/chat", { text: "Good morning", name: "Ada" });
  await post("/donate", { amount: 5, message: "For the birds", name: "Bob" });
  await post("/admin/chat/appoint", { author: message.author });
  await post("/admin/chat/post", { text: "Hello, @Ada", replyTo: message.id });
  await post("/admin/chat/blocked-words", { words: ["spoiler"] });
  await post("/admin/chat/time-out", { author: message.author, seconds: 60 });
  return server;
}

function request(
  server: TestServer,
  path: string,
  method: "get" | "post",
  body?: object,
  query = "",
): Promise<Response> {
  return server.get(path + query, {
    method: method.toUpperCase(),
    headers: {
      ...SECRETS[accessOf(OPENAPI.paths[path][method]!)],
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** These need a clip, or `--hls`; tests/integration/http/routes/clips_test.ts and tests/http/routes/hls_test.ts have them. */
const ABSENT = [
  ...["/clips", "/clips/file"],
  ...["/hls", "/hls/", "/hls/live.m3u8", "/hls/{file}", "/hls/channel.json"],
];

Deno.test("every documented GET answers as documented", async (t) => {
  await using server = await busyServer();
  server.metrics.current = { render: () => Promise.resolve("") };
  const watched = await request(server, "/stream", "get");
  for (const { path, method, operation } of OPERATIONS) {
    if (method !== "get" || path === "/{file}" || path === "/live") continue;
    await t.step(path, async () => {
      const response = await request(server, path, method, undefined, await queryOf(server, path));
      if (ABSENT.includes(path)) {
        assert.equal(response.status, 404);
        assert.equal(responseViolation(path, method, 404, await response.json()), null);
        return;
      }
      const documented = operation.responses["200"];
      assert.equal(response.status, 200);
      const type = response.headers.get("content-type")!;
      if (type === "application/json") {
        assert.equal(responseViolation(path, method, 200, await response.json()), null);
      } else {
        await response.body?.cancel();
        const { content } = "$ref" in documented
          ? { content: { "multipart/x-mixed-replace; boundary=frame": {} } }
          : documented as { content: object };
        assert.ok(type in content || type.split(";")[0] in content, type);
      }
    });
  }
  await watched.body?.cancel();
});

/** A body for each operation that takes one, which the program accepts in a busy channel. */
const BODIES: Readonly<Record<string, object>> = {
  "/settings": { mode: "home", quality: "low", filter: "sepia" },
  "/chat": { text: "Hello", name: "Cleo", key: "1" },
  "/donate": { amount: 2.5, message: "Thanks", name: "Dora", key: "2" },
  "/login": { password: PASSWORD },
  "/language": { language: "de" },
  "/admin/on-air": { onAir: true },
  "/admin/title": { title: "Bird box" },
  "/admin/source": { source: "/dev/video0" },
  "/admin/sound": { source: "off", muted: true, gain: -6.5, delay: 40, onDemand: true },
  "/clips": { seconds: 5 },
  "/admin/clips": { who: "moderators" },
  "/admin/recording": { when: "off" },
  "/admin/recordings/ticket": {},
  "/admin/recordings/delete": { name: RECORDING },
  "/admin/picture": { rotate: 90, flip: true },
  "/admin/rewind": { on: true },
  "/admin/publish": { url: "rtmp://127.0.0.1:9/app/key" },
  "/admin/chat/delete": { ids: [1] },
  "/admin/chat/time-out": { author: "someone", seconds: 60 },
  "/admin/chat/ban": { author: "someone" },
  "/admin/chat/pardon": { author: "someone" },
  "/admin/chat/slow-mode": { seconds: 0 },
  "/admin/chat/post": { text: "Good morning, @Ada", replyTo: 1, key: "3" },
  "/admin/chat/streamer-name": { name: " Bea " },
  "/admin/chat/pin": { id: 1 },
  "/admin/chat/unpin": {},
  "/admin/chat/dismiss": { author: "someone" },
  "/reactions": { reaction: "heart" },
  "/admin/chat/blocked-words": { words: [" Spoiler "] },
  "/admin/donations/goal": { amount: 100 },
  "/admin/supporters/remove": { author: "someone" },
  "/live": { key: "a page", messages: [{ type: "older", before: 1 }] },
};

/** Operations that cannot be done in these tests, and their documented refusal. */
const REFUSED: Readonly<Record<string, { readonly body: object; readonly status: number }>> = {
  "/moderation/delete": { body: { ids: [1] }, status: 403 },
  "/moderation/time-out": { body: { author: "someone", seconds: 60 }, status: 403 },
  "/moderation/ban": { body: { author: "someone" }, status: 403 },
  "/moderation/pardon": { body: { author: "someone" }, status: 403 },
  "/clips/cancel": { body: { id: "none" }, status: 404 },
  "/admin/chat/appoint": { body: { author: "nobody" }, status: 400 },
  "/admin/kick": { body: { id: "nobody" }, status: 404 },
  "/admin/publish/switch": { body: { id: "none", on: true }, status: 404 },
  "/admin/publish/remove": { body: { id: "none" }, status: 404 },
  "/admin/controls": { body: { name: "brightness", value: 1 }, status: 409 },
  "/admin/controls/reset": { body: {}, status: 409 },
};

Deno.test("every documented POST takes its body and answers as documented", async (t) => {
  for (const { path, method } of OPERATIONS) {
    if (method !== "post") continue;
    await t.step(path, async () => {
      await using server = ["/chat", "/donate", "/reactions", "/clips"].includes(path)
        ? await startTestServer({ password: PASSWORD })
        : await busyServer();
      server.camera.publish(TINY_JPEG, Date.now() - 1_000);
      const { body, status } = REFUSED[path] ??
        { body: BODIES[path], status: path === "/clips" ? 202 : 200 };
      assert.equal(requestViolation(path, body), null);
      const response = await request(server, path, method, body);
      const answer = await response.json();
      assert.equal(response.status, status, JSON.stringify(answer));
      assert.equal(responseViolation(path, method, status, answer), null);
    });
  }
});

/** Bodies that no operation takes, with the status of the refusal. */
const MALFORMED = [
  { type: "application/json", body: "[]", status: 400 },
  { type: "text/plain", body: "hello", status: 415 },
  { type: "application/json", body: `"${"x".repeat(20_000)}"`, status: 413 },
];

Deno.test("every documented POST refuses bad bodies as documented", async (t) => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const { path, method, operation } of OPERATIONS) {
    if (method !== "post") continue;
    await t.step(path, async () => {
      for (const { type, body, status } of MALFORMED) {
        const response = await server.get(path, {
          method: "POST",
          headers: { ...SECRETS[accessOf(operation)], "content-type": type },
          body,
        });
        const answer = await response.json();
        assert.equal(response.status, status, JSON.stringify(answer));
        assert.equal(responseViolation(path, method, status, answer), null);
      }
    });
  }
});

Deno.test("every operation refuses those without its secret as documented", async (t) => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const { path, method, operation } of OPERATIONS) {
    if (accessOf(operation) === "everyone") continue;
    await t.step(`${method} ${path}`, async () => {
      const response = await server.get(path, { method: method.toUpperCase() });
      const answer = await response.json();
      assert.equal(response.status, 401);
      assert.equal(responseViolation(path, method, 401, answer), null);
    });
  }
});
