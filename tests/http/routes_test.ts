import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { noiseJpeg } from "../support/jpegs.ts";
import { newViewer, readParts, startTestServer, TINY_JPEG } from "../support/test_server.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const form = { "content-type": "application/x-www-form-urlencoded" };

Deno.test("/ fills the page in for its viewer and escapes HTML", async () => {
  const page =
    "{{ title }}|{{quality}}|{{pressed.quality.low}}|{{disabled.quality}}|{{pressed.filter.sepia}}|" +
    "{{live}}|{{reason}}|{{viewers}}|{{thanks}}|{{unknown}}";
  await using server = await startTestServer({ page });
  const viewer = await newViewer(server);
  const read = async (path = "/") => await (await server.get(path, { headers: viewer })).text();
  assert.equal(
    await read(),
    "&lt;Tea&gt; &amp; cake|high|false||false|true||0|false|{{unknown}}",
  );
  const body = "quality=low&filter=sepia&mode=gaming";
  const posted = await server.get("/settings", {
    method: "POST",
    headers: { ...form, ...viewer },
    body,
  });
  await posted.body?.cancel();
  assert.equal(posted.status, 303);
  assert.equal(posted.headers.get("location"), "./");
  server.status.current = { live: false, source: "camera", reason: "camera-unplugged" };
  assert.equal(
    await read("/?donated"),
    "&lt;Tea&gt; &amp; cake|low|true|disabled|true|false|camera-unplugged|0|" +
      "true|{{unknown}}",
  );
});

for (const [path, file] of [["/", "index"], ["/embed", "embed"], ["/studio", "studio"]]) {
  Deno.test(`${path} fills in every name of the real page`, async () => {
    const page = await Deno.readTextFile(new URL(`../../static/${file}.html`, import.meta.url));
    await using server = await startTestServer({ page });
    const html = await (await server.get(path)).text();
    assert.match(html, /^<!doctype html>/i);
    assert.doesNotMatch(html, /\{\{ ?[\w{]/);
  });
}

Deno.test("/ gives a viewer one cookie that scripts cannot read, and keeps it", async () => {
  await using server = await startTestServer();
  const first = await server.get("/");
  await first.body?.cancel();
  assert.match(first.headers.get("set-cookie")!, /^viewer=[0-9a-f-]{36};.*HttpOnly.*SameSite=Lax/);
  const again = await server.get("/", { headers: await newViewer(server) });
  await again.body?.cancel();
  assert.equal(again.headers.get("set-cookie"), null);
  const forged = await server.get("/", { headers: { cookie: "viewer=../../x" } });
  await forged.body?.cancel();
  assert.match(forged.headers.get("set-cookie")!, /^viewer=[0-9a-f-]{36};/);
});

Deno.test("/snapshot answers with the newest frame, also at its aliases", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const addresses = [
    "/snapshot",
    "/snapshot.jpg",
    "/snapshot/",
    "/webcam/snapshot",
    "/?action=snapshot",
    "/?action=snapshot?123",
    "/?action=snapshot_0",
    "/webcam/?action=snapshot",
  ];
  for (const path of addresses) {
    const response = await server.get(path);
    assert.equal(response.headers.get("content-type"), "image/jpeg");
    assert.equal(response.headers.get("x-sequence"), "1");
    assert.deepEqual(await response.bytes(), TINY_JPEG);
  }
});

Deno.test("/snapshot takes a quality and a filter", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const response = await server.get("/snapshot?quality=medium&filter=mirror");
  assert.equal(text((await response.bytes()).subarray(TINY_JPEG.length)), "50 mirror");
  assert.equal(
    (await server.get("/snapshot?quality=0").then((r) => r.json())).error,
    "Bad Request",
  );
});

Deno.test("/snapshot takes numbers, and a size that also holds for the first frame", async () => {
  await using server = await startTestServer();
  const first = server.get("/snapshot?width=20&quality=7");
  await delay(50);
  server.program.publish(TINY_JPEG);
  const tailOf = async (answer: Promise<Response>) =>
    text((await (await answer).bytes()).subarray(TINY_JPEG.length));
  assert.equal(await tailOf(first), "7 none 0.5");
  assert.equal(await tailOf(server.get("/snapshot?height=4&_=123&t=5")), "source none 0.25");
  assert.equal(await tailOf(server.get("/snapshot?quality=100&fps=5")), "");
  for (
    const query of ["width=", "height=x", "scale=-1", "fps=0", "mode=x", "quality=1&quality=2"]
  ) {
    const response = await server.get(`/snapshot?${query}`);
    await response.body?.cancel();
    assert.equal(response.status, 400, query);
  }
});

Deno.test("/snapshot waits for the first frame", async () => {
  await using server = await startTestServer();
  const pending = server.get("/snapshot");
  while (!server.program.newest) {
    await delay(20);
    server.program.publish(TINY_JPEG);
  }
  assert.deepEqual(await (await pending).bytes(), TINY_JPEG);
});

/** The `/state` of µStreamer 6.62, and the part of each client. */
const USTREAMER = {
  instance_id: "",
  encoder: { type: "HW", quality: 0 },
  source: {
    resolution: { width: 1280, height: 720 },
    online: true,
    desired_fps: 30,
    captured_fps: 30,
  },
  stream: { queued_fps: 17, clients: 1, clients_stat: {} },
};
const USTREAMER_CLIENT = {
  fps: 17,
  extra_headers: false,
  advance_headers: false,
  dual_final_frames: false,
  zero_data: false,
  key: "0",
};

/** Asserts that a value has every field of the shape, of the same type; integers stay integers. */
function assertSameShape(value: unknown, shape: unknown, where: string): void {
  assert.equal(typeof value, typeof shape, where);
  if (Number.isInteger(shape)) assert.ok(Number.isInteger(value), `${where}: ${value}`);
  if (typeof shape !== "object" || shape === null) return;
  assert.ok(value !== null && !Array.isArray(value), where);
  for (const [name, part] of Object.entries(shape)) {
    assertSameShape((value as Record<string, unknown>)[name], part, `${where}.${name}`);
  }
}

Deno.test("/state keeps integers while frames flow, and shows each session's quality", async () => {
  await using server = await startTestServer({ copies: false });
  const jpeg = noiseJpeg(320, 240, { quality: 80 });
  server.program.publish(jpeg);
  const parts = readParts(await server.get("/stream?quality=33&scale=0.5&key=hunter2"));
  for (let i = 0; i < 10; i++) {
    await parts.next();
    server.sourceRate.count(1000);
    server.program.publish(jpeg);
  }
  const text = await (await server.get("/state")).text();
  assert.doesNotMatch(text, /hunter2/);
  const { result } = JSON.parse(text);
  assertSameShape(result, USTREAMER, "result");
  const [client] = Object.values<Record<string, unknown>>(result.stream.clients_stat);
  assertSameShape(client, USTREAMER_CLIENT, "client");
  assert.ok(Number(client.fps) > 0 && result.stream.queued_fps > 0);
  assert.deepEqual([client.quality, client.scale, client.why], [33, 0.5, "chosen"]);
  assert.deepEqual(result.encoder, { type: "CPU", quality: 80 });
  await parts.return(undefined);
});

Deno.test("/state reports that off-air cards are encoded here", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  server.channel.setOnAir(false);
  const { result } = await (await server.get("/state")).json();
  assert.deepEqual(result.encoder, { type: "CPU", quality: 0 });
});

Deno.test("/state has every field of µStreamer's, and more", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const viewer = await newViewer(server);
  const stream = await server.get("/stream", { headers: viewer });
  const response = await server.get("/state", { headers: viewer });
  const { ok, result } = await response.json();
  assert.equal(ok, true);
  const { clients_stat } = result.stream;
  assert.deepEqual(Object.keys(clients_stat).map((key) => /^[0-9a-f]{16}$/.test(key)), [true]);
  assertSameShape(result, USTREAMER, "result");
  assertSameShape(Object.values(clients_stat)[0], USTREAMER_CLIENT, "client");
  assert.deepEqual(result.encoder, { type: "HW", quality: 0 });
  assert.deepEqual(result.source.resolution, { width: 32, height: 16 });
  assert.equal(result.instance_id, "this run");
  assert.equal(result.source.online, true);
  assert.equal(result.source.desired_fps, 30);
  assert.equal(result.stream.clients, 1);
  assert.equal(result.title, "<Tea> & cake");
  assert.equal(result.viewers, 1);
  assert.equal(result.counters.damaged, 3);
  assert.equal(result.you.quality, "high");
  assert.ok(!JSON.stringify(result).includes("127.0.0.1"));
  assert.ok(!JSON.stringify(result).includes(viewer.cookie.slice("viewer=".length)));
  await stream.body!.cancel();
});

Deno.test("/donate takes JSON, a form or nothing, and counts", async () => {
  await using server = await startTestServer();
  const json = await server.get("/donate", { method: "POST" });
  const { donated, donations, donation } = await json.json();
  assert.deepEqual([donated, donations, donation.name], [true, 1, "Anonymous"]);
  const posted = await server.get("/donate", { method: "POST", headers: form, body: "x=1" });
  await posted.body?.cancel();
  assert.equal(posted.status, 303);
  assert.equal(posted.headers.get("location"), "./?donated");
  assert.equal(server.donations.count, 2);
});

for (
  const [name, type, body, status] of [
    ["an unknown value", "application/json", '{"quality":"ultra"}', 400],
    ["a value of another type", "application/json", '{"quality":{"a":1}}', 400],
    ["a list", "application/json", "[]", 400],
    ["no JSON", "application/json", "{quality", 400],
    ["another type", "text/plain", "quality=low", 415],
    ["too much", "application/json", `"${"x".repeat(20_000)}"`, 413],
  ] as const
) {
  Deno.test(`POST /settings refuses ${name} and changes nothing`, async () => {
    await using server = await startTestServer();
    const viewer = await newViewer(server);
    const headers = { ...viewer, "content-type": type };
    const response = await server.get("/settings", { method: "POST", headers, body });
    assert.equal(response.status, status);
    assert.ok((await response.json()).detail);
    const settings = await server.get("/settings", { headers: viewer });
    assert.deepEqual(await settings.json(), { mode: "home", quality: "high", filter: "none" });
  });
}

Deno.test("POST /settings reads no more of an endless body than its limit", async () => {
  await using server = await startTestServer();
  using client = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await client.write(new TextEncoder().encode(
    "POST /settings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n",
  ));
  const chunk = new TextEncoder().encode(`1000\r\n${"x".repeat(0x1000)}\r\n`);
  const answer = new Uint8Array(64);
  const answered = client.read(answer);
  let sent = 0;
  try {
    for (; sent < 64 << 20; sent += chunk.length) await client.write(chunk);
  } catch {
    // The server has closed the connection, as it should.
  }
  await answered.catch(() => null);
  assert.ok(sent < 16 << 20, `${sent}`);
});
