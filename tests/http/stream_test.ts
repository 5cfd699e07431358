import assert from "node:assert/strict";
import { FILTERS } from "../../src/media/rendition.ts";
import {
  CARD_JPEG,
  newViewer,
  readParts,
  startTestServer,
  TINY_JPEG,
} from "../support/test_server.ts";
import { until } from "../support/until.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

Deno.test("/stream gives the newest frame at once and then every frame", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const response = await server.get("/stream");
  assert.equal(
    response.headers.get("content-type"),
    "multipart/x-mixed-replace; boundary=frame",
  );
  const parts = readParts(response);
  const first = (await parts.next()).value!;
  assert.deepEqual(first.body, TINY_JPEG);
  assert.equal(first.headers.get("x-sequence"), "1");
  assert.equal(first.headers.get("x-quality"), "source");
  assert.ok(Math.abs(Number(first.headers.get("x-timestamp")) - Date.now() / 1000) < 5);
  server.program.publish(TINY_JPEG);
  assert.equal((await parts.next()).value!.headers.get("x-sequence"), "2");
  await parts.return(undefined);
});

Deno.test("/stream sends the boundary right after each frame, which browsers wait for", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const response = await server.get("/stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream("latin1")).getReader();
  let received = "";
  while (!received.includes("\r\n\r\n")) received += (await reader.read()).value;
  const size = received.indexOf("\r\n\r\n") + 4 + TINY_JPEG.length;
  const end = "\r\n--frame\r\n";
  while (received.length < size + end.length) received += (await reader.read()).value;
  await reader.cancel();
  assert.match(received, /^--frame\r\nContent-Type: image\/jpeg\r\nContent-Length: 17\r\n/);
  assert.equal(received.slice(size), end);
});

Deno.test("/stream chooses a size for each frame, as a source may change its own", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const parts = readParts(await server.get("/stream?width=16"));
  const tails = [];
  for (const next of [CARD_JPEG, TINY_JPEG, null]) {
    tails.push(text((await parts.next()).value!.body.subarray(TINY_JPEG.length)));
    if (next) server.program.publish(next);
  }
  assert.deepEqual(tails, ["source none 0.5", "", "source none 0.5"]);
  await parts.return(undefined);
});

Deno.test("/stream forgets a viewer who goes away", async () => {
  await using server = await startTestServer();
  const response = await server.get("/stream");
  assert.equal(server.audience.count, 1);
  await response.body!.cancel();
  await until("the viewer to leave", () => server.audience.count === 0, Boolean, { every: 5 });
});

Deno.test("/stream takes quality, mode, filter and size for that connection alone", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const tails = [];
  const queries = [
    "?quality=low&filter=sepia",
    "?mode=gaming&fps=10",
    "?quality=35",
    "?quality=100",
    "?quality=1&scale=0.5",
    "?width=16",
    "?width=31&height=8",
    "?height=3&width=1000",
    "?width=1",
    "?nonsense=1",
    "",
  ];
  for (const query of queries) {
    const parts = readParts(await server.get(`/stream${query}`));
    tails.push(text((await parts.next()).value!.body.subarray(TINY_JPEG.length)));
    await parts.return(undefined);
  }
  assert.deepEqual(tails, [
    "20 sepia",
    "40 none",
    "35 none",
    "",
    "1 none 0.5",
    "source none 0.5",
    "source none 0.5",
    "source none 0.125",
    "source none 0.125",
    "",
    "",
  ]);
});

Deno.test("/stream follows the viewer's settings while it runs, and nobody else's", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  assert.notEqual(anna.cookie, ben.cookie);
  server.program.publish(TINY_JPEG);
  const annas = readParts(await server.get("/stream", { headers: anna }));
  const bens = readParts(await server.get("/stream", { headers: ben }));
  assert.equal((await annas.next()).value!.headers.get("x-quality"), "source");
  assert.equal((await bens.next()).value!.headers.get("x-quality"), "source");
  const response = await server.get("/settings", {
    method: "POST",
    headers: { ...anna, "content-type": "application/json" },
    body: JSON.stringify({ quality: "low" }),
  });
  assert.deepEqual(await response.json(), { mode: "home", quality: "low", filter: "none" });
  const changed = (await annas.next()).value!;
  assert.equal(changed.headers.get("x-quality"), "20");
  assert.equal(changed.headers.get("x-sequence"), "1");
  server.program.publish(TINY_JPEG);
  assert.equal((await bens.next()).value!.headers.get("x-quality"), "source");
  await Promise.all([annas.return(undefined), bens.return(undefined)]);
});

Deno.test("/stream turns away more viewers than allowed, and says when to come back", async () => {
  await using server = await startTestServer({ maxViewers: 1 });
  const first = await server.get("/stream");
  const second = await server.get("/stream");
  assert.equal(second.status, 503);
  assert.equal(second.headers.get("retry-after"), "10");
  assert.match((await second.json()).detail, /as many are watching/);
  await first.body!.cancel();
});

Deno.test("/stream refuses unknown values and says which there are", async () => {
  await using server = await startTestServer();
  const details = [];
  const queries = [
    "quality=ultra",
    "mode=",
    "filter=1",
    "fps=fast",
    "fps=0",
    "fps=-1",
    "quality=",
    "quality=0",
    "quality=101",
    "quality=50.5",
    "quality=-5",
    "width=",
    "width=0",
    "width=-1",
    "width=1e3",
    "width=0x10",
    "height=12.5",
    "scale=0",
    "scale=2",
    "scale=1/2",
    "max_kbps=1",
    "quality=low&quality=high",
    "fps=5&fps=5",
    "codec=h264",
    "codec=av1&video=h264",
    "video=h265",
  ];
  for (const query of queries) {
    const response = await server.get(`/stream?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal((await server.get(`/stream?${query}`, { method: "HEAD" })).status, 400, query);
    details.push((await response.json()).detail);
  }
  assert.deepEqual([details[0], details[2], details[3], details[13], details[21], details[23]], [
    'Set quality to high, medium, low or a whole number from 1 to 100: "ultra"',
    `Set filter to one of ${FILTERS.join(", ")}: "1"`,
    'Set fps to a number from 0.1 to 1000: "fast"',
    'Set width to a whole number from 1 to 65535: "-1"',
    'Give quality only once: "low", "high"',
    'Set codec to auto or jpeg, unless video=h264 says that the client plays it: "h264"',
  ]);
  assert.equal(server.audience.count, 0);
});

Deno.test("HEAD /stream opens no stream", async () => {
  await using server = await startTestServer();
  for (const path of ["/stream", "/?action=stream"]) {
    const response = await server.get(path, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type")!, /multipart/);
  }
  assert.equal(server.audience.count, 0);
});

for (
  const address of [
    "/?action=stream",
    "/?action=stream?nonce=1",
    "/?action=stream%3Fnonce%3D1",
    "/?action=stream&foo",
    "/?action=stream_0",
    "/stream/",
    "/webcam/?action=stream",
    "/webcam2?action=stream_1?17",
    "/webcam/stream",
    "/printer/cam/?action=stream",
    "/stream?quality=high?1234",
    "/stream?key=1&extra_headers=1&advance_headers=1&dual_final_frames=1&zero_data=0",
  ]
) {
  Deno.test(`${address} is the stream`, async () => {
    await using server = await startTestServer();
    server.program.publish(TINY_JPEG);
    const parts = readParts(await server.get(address));
    assert.deepEqual((await parts.next()).value!.body, TINY_JPEG);
    await parts.return(undefined);
  });
}

Deno.test("an address of mjpg-streamer's takes our parameters too, and its faults are named", async () => {
  await using server = await startTestServer({ maxViewers: 1 });
  server.program.publish(TINY_JPEG);
  const parts = readParts(await server.get("/webcam/?action=stream?quality=30&scale=0.5"));
  assert.equal(
    text((await parts.next()).value!.body.subarray(TINY_JPEG.length)),
    "30 none 0.5",
  );
  const full = await server.get("/?action=stream_0?1");
  assert.equal(full.status, 503);
  await full.body?.cancel();
  await parts.return(undefined);
  const wrong = await server.get("/?action=stream?quality=0");
  assert.equal(wrong.status, 400);
  assert.match((await wrong.json()).detail, /^Set quality to .*: "0"$/);
});
