import assert from "node:assert/strict";
import type { ClipState } from "../../../../src/live_messages.ts";
import { numberedFrames } from "../../../support/numbered_frames.ts";
import { setTimeout as pause } from "node:timers/promises";
import { probeMedia } from "../../../support/probe_media.ts";
import { newViewer, startTestServer, type TestServer } from "../../../support/test_server.ts";

const SIZE = { width: 320, height: 240 };

/** Plays two seconds of 30 frames each. */
async function play(server: TestServer): Promise<void> {
  const frames = await numberedFrames(60, SIZE);
  for (const jpeg of frames) {
    server.camera.publish(jpeg);
    await pause(1000 / 30);
  }
}

async function readyState(
  server: TestServer,
  id: string,
  headers: HeadersInit,
): Promise<ClipState> {
  for (;;) {
    const response = await server.get(`/clips?id=${id}`, { headers });
    const state: ClipState = await response.json();
    if (state.state === "ready" || state.state === "failed") return state;
    await pause(50);
  }
}

function post(server: TestServer, path: string, body: object, headers: Record<string, string>) {
  return server.get(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

Deno.test("a viewer makes a clip of the last seconds, and nobody else can have it", async () => {
  await using server = await startTestServer();
  const viewer = await newViewer(server);
  await play(server);
  const to = Date.now();
  const begun = await post(server, "/clips", { from: to - 1_000, to }, viewer);
  assert.equal(begun.status, 202);
  const { id, format, duration }: ClipState = await begun.json();
  assert.equal(format, "mp4");
  assert(Math.abs(duration - 1_000) < 100, `${duration}`);
  const file = await server.get(`/clips/file?id=${id}`, { headers: viewer });
  assert.equal(file.headers.get("content-type"), "video/mp4");
  assert.match(
    file.headers.get("content-disposition")!,
    /^attachment; filename="Tea & cake \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.mp4"; filename\*=UTF-8''Tea%20%26%20cake%20/,
  );
  const media = await probeMedia(await file.bytes(), "mp4");
  assert.equal(media.warnings, "");
  assert(media.packets.length >= 25 && media.packets.length <= 32, `${media.packets.length}`);
  const state = await readyState(server, id, viewer);
  assert.deepEqual([state.state, state.progress, state.ahead], ["ready", 1, 0]);
  const again = await server.get(`/clips/file?id=${id}`, { headers: viewer });
  assert.equal(again.headers.get("content-length"), String(state.bytes));
  assert.equal((await again.bytes()).length, state.bytes);
  for (const path of ["/clips", "/clips/file"]) {
    const response = await server.get(`${path}?id=${id}`, { headers: await newViewer(server) });
    assert.equal(response.status, 404);
    assert.equal((await response.json()).code, "no-such-clip");
  }
  const cancelled = await post(server, "/clips/cancel", { id }, viewer);
  assert.deepEqual(await cancelled.json(), { ok: true });
  const gone = await server.get(`/clips?id=${id}`, { headers: viewer });
  assert.equal(gone.status, 404);
  await gone.body?.cancel();
});

Deno.test("a form is sent to the file, which it waits for", async () => {
  await using server = await startTestServer();
  const viewer = await newViewer(server);
  await play(server);
  const begun = await server.get("/clips", {
    method: "POST",
    headers: { ...viewer, "content-type": "application/x-www-form-urlencoded" },
    body: "seconds=10&format=gif",
  });
  assert.equal(begun.status, 303);
  await begun.body?.cancel();
  const url = new URL(begun.headers.get("location")!, `${server.origin}/clips`);
  const file = await server.get(url.pathname + url.search, { headers: viewer });
  assert.equal(file.headers.get("content-type"), "image/gif");
  assert.equal(new TextDecoder().decode((await file.bytes()).subarray(0, 6)), "GIF89a");
});

Deno.test("a clip that ffmpeg cannot make says so", async () => {
  await using server = await startTestServer({ ffmpeg: "/no/such/ffmpeg" });
  const viewer = await newViewer(server);
  await play(server);
  for (const format of ["mp4", "gif"]) {
    const begun = await post(server, "/clips", { seconds: 2, format }, viewer);
    const { id }: ClipState = await begun.json();
    const { state, problem } = await readyState(server, id, viewer);
    assert.equal(state, "failed");
    assert.equal(problem?.code, "clip-encoder");
    const file = await server.get(`/clips/file?id=${id}`, { headers: viewer });
    assert.equal(file.status, 503);
    assert.equal((await file.json()).code, "clip-encoder");
  }
});
