import assert from "node:assert/strict";
import { newViewer, readParts, startTestServer, TINY_JPEG } from "../support/test_server.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

Deno.test("/stream gives the newest frame at once and then every frame", async () => {
  await using server = await startTestServer();
  server.hub.publish(TINY_JPEG);
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
  server.hub.publish(TINY_JPEG);
  assert.equal((await parts.next()).value!.headers.get("x-sequence"), "2");
  await parts.return(undefined);
});

Deno.test("/stream forgets a viewer who goes away", async () => {
  await using server = await startTestServer();
  const response = await server.get("/stream");
  assert.equal(server.registry.count, 1);
  await response.body!.cancel();
  while (server.registry.count > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

Deno.test("/stream takes quality, mode and filter for that connection alone", async () => {
  await using server = await startTestServer();
  server.hub.publish(TINY_JPEG);
  const tails = [];
  for (const query of ["?quality=low&filter=sepia", "?mode=gaming&fps=10", "?nonsense=1", ""]) {
    const parts = readParts(await server.get(`/stream${query}`));
    tails.push(text((await parts.next()).value!.body.subarray(TINY_JPEG.length)));
    await parts.return(undefined);
  }
  assert.deepEqual(tails, ["20 sepia", "40 none", "", ""]);
});

Deno.test("/stream follows the viewer's settings while it runs, and nobody else's", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  assert.notEqual(anna.cookie, ben.cookie);
  server.hub.publish(TINY_JPEG);
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
  server.hub.publish(TINY_JPEG);
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
  for (const query of ["quality=ultra", "mode=", "filter=1", "fps=fast", "fps=0", "fps=-1"]) {
    const response = await server.get(`/stream?${query}`);
    assert.equal(response.status, 400, query);
    details.push((await response.json()).detail);
  }
  assert.match(details[0], /quality to one of high, medium, low: "ultra"/);
  assert.match(details[3], /fps to a number/);
  assert.equal(server.registry.count, 0);
});

Deno.test("HEAD /stream opens no stream", async () => {
  await using server = await startTestServer();
  for (const path of ["/stream", "/?action=stream"]) {
    const response = await server.get(path, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type")!, /multipart/);
  }
  assert.equal(server.registry.count, 0);
});

Deno.test("/?action=stream is mjpg-streamer's name for it", async () => {
  await using server = await startTestServer();
  server.hub.publish(TINY_JPEG);
  const parts = readParts(await server.get("/?action=stream"));
  assert.deepEqual((await parts.next()).value!.body, TINY_JPEG);
  await parts.return(undefined);
});
