import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import { administer, AS_STREAMER } from "../../support/requests.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
} from "../../support/test_server.ts";

const ask = (server: TestServer, path: string) =>
  server.get(`/admin/${path}`, { headers: AS_STREAMER });

Deno.test("admin summary tells what happened on air, also once off air", async () => {
  await using server = await startTestServer();
  await using page = await LiveClient.open(server, await newViewer(server));
  page.send({ type: "chat", key: "k", text: "Hello", name: "Anna" });
  await page.next("chat");
  const live = await (await ask(server, "summary")).json();
  assert.deepEqual([live.isOver, live.messages, live.donations], [false, 1, {
    count: 0,
    amount: 0,
  }]);
  await administer(server, "on-air", { onAir: false });
  const over = await (await ask(server, "summary")).json();
  assert.deepEqual([over.isOver, over.messages, over.bytes], [true, 1, 0]);
  assert(over.duration >= live.duration);
});

Deno.test("admin chat.txt is the whole chat, for download", async () => {
  await using server = await startTestServer();
  assert.equal(await (await ask(server, "chat.txt")).text(), "");
  await using page = await LiveClient.open(server, await newViewer(server));
  page.send({ type: "chat", key: "k", text: "Grüße", name: "Anna" });
  await page.next("chat");
  const response = await ask(server, "chat.txt");
  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(
    response.headers.get("content-disposition") ?? "",
    /^attachment; filename="chat.txt"$/,
  );
  assert.match(await response.text(), /^\d{4}-\d\d-\d\d \d\d:\d\d Anna: Grüße\n$/);
});

Deno.test("admin studio-qr.svg is drawn anew for each token and kept by nobody", async () => {
  await using server = await startTestServer();
  const response = await ask(server, "studio-qr.svg");
  assert.equal(response.headers.get("content-type"), "image/svg+xml");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const svg = await response.text();
  assert.match(svg, /^<svg /);
  assert(!svg.includes(ADMIN_TOKEN), "the token is in the code alone");
  assert.notEqual(svg, await (await server.get("/qr.svg")).text());
});

Deno.test("admin sends a studio the last ten minutes once, before anything that changes", async () => {
  await using server = await startTestServer();
  server.tick();
  await using studio = await LiveClient.open(server, await newViewer(server), ADMIN_TOKEN);
  const { samples } = await studio.next("history");
  assert.deepEqual(
    samples.map(({ viewers, kbps, delay, motion }) => [viewers, kbps, delay, motion]),
    [
      [0, 0, null, 0.25],
    ],
  );
  await studio.next("studio");
});
