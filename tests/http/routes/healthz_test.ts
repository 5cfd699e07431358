import assert from "node:assert/strict";
import { ADMIN_TOKEN, startTestServer, type TestServer } from "../../support/test_server.ts";

const WELL = { ok: true };

async function ask(server: TestServer) {
  const response = await server.get("/healthz");
  assert.equal(response.headers.get("cache-control"), "no-store");
  return [response.status, await response.json()];
}

Deno.test("/healthz is 200 while frames flow, with the health of each part", async () => {
  await using server = await startTestServer();
  assert.deepEqual(await ask(server), [200, {
    ok: true,
    live: true,
    onAir: true,
    checks: { source: WELL, ffmpeg: WELL, store: WELL, workers: WELL },
  }]);
});

Deno.test("/healthz is 503 while no frames flow, and names the part but no reason", async () => {
  await using server = await startTestServer();
  const reason = "Camera /dev/video0 is not connected. Plug it in";
  server.status.current = { live: false, source: "camera", reason: "camera-unplugged" };
  server.health.source = reason;
  assert.deepEqual(await ask(server), [503, {
    ok: false,
    live: false,
    onAir: true,
    checks: { source: { ok: false }, ffmpeg: WELL, store: WELL, workers: WELL },
  }]);
  const response = await server.get("/admin/state", {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  assert.equal((await response.json()).health.source, reason, "the streamer sees why");
});

Deno.test("/healthz is 200 while frames flow, even if a part fails that they do not need", async () => {
  await using server = await startTestServer();
  server.health.store = "the disk is full";
  server.channel.setOnAir(false);
  assert.deepEqual(await ask(server), [200, {
    ok: true,
    live: true,
    onAir: false,
    checks: {
      source: WELL,
      ffmpeg: WELL,
      store: { ok: false },
      workers: WELL,
    },
  }]);
});
