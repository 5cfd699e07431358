import assert from "node:assert/strict";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../../support/replayed_track.ts";
import { AS_STREAMER, newCookie, postJson } from "../../support/requests.ts";
import { readParts, startTestServer, TINY_JPEG } from "../../support/test_server.ts";
import { until } from "../../support/until.ts";

const PATHS = ["/stream.mp4", "/stream.ts"];

async function detailOf(response: Response): Promise<string> {
  return (await response.json()).detail;
}

for (const path of PATHS) {
  Deno.test(`${path} answers 501 where there is no H.264, and 503 while it cannot be had`, async () => {
    await using server = await startTestServer();
    const response = await server.get(path);
    assert.equal(response.status, 501);
    assert.match(await detailOf(response), /play \/stream/);
    // An ffmpeg without any encoder: its tracks stay unavailable.
    const none = { ...tracksOf(), isOffered: false };
    await using lacking = await startTestServer({ video: none });
    const missing = await lacking.get(path);
    assert.equal(missing.status, 501);
    await missing.body?.cancel();
    const track = new ReplayedTrack(INVENTED_CLIP);
    track.isAvailable = false;
    await using starting = await startTestServer({ video: tracksOf(track) });
    const refused = await starting.get(path);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "10");
    assert.match(await detailOf(refused), /not available at the moment/);
    assert.equal((await starting.get(path, { method: "HEAD" })).status, 503);
  });

  Deno.test(`${path} takes a seat among those of viewers, except for HEAD`, async () => {
    const track = new ReplayedTrack(INVENTED_CLIP);
    await using server = await startTestServer({ maxViewers: 1, video: tracksOf(track) });
    const head = await server.get(path, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.match(head.headers.get("content-type")!, /^video\/(mp4|mp2t)$/);
    assert.equal(head.headers.get("cache-control"), "no-store");
    assert.equal(track.consumers.size, 0);
    const watching = await server.get(path);
    assert.equal(track.consumers.size, 1);
    const refused = await server.get(path);
    assert.equal(refused.status, 503);
    assert.equal((await refused.json()).code, "full");
    await watching.body!.cancel();
    await until("the seat to be free", () => server.programs.count === 0, Boolean, { every: 5 });
    assert.equal(track.consumers.size, 0);
    assert.equal(server.soundStream.listeners, 0);
  });

  Deno.test(`${path} has the quality that its address asks for, or the next best`, async () => {
    const all = H264_RENDITIONS.map(() => new ReplayedTrack(INVENTED_CLIP));
    await using server = await startTestServer({ video: tracksOf(...all) });
    const pick = async (query: string) => {
      const response = await server.get(path + query);
      const index = all.findIndex(({ consumers }) => consumers.size > 0);
      await response.body!.cancel();
      await until("the program to leave", () => server.programs.count === 0, Boolean, {
        every: 5,
      });
      return index;
    };
    const qualities = ["", "?quality=high", "?quality=medium", "?quality=low"];
    const picked: number[] = [];
    for (const query of qualities) picked.push(await pick(query));
    assert.deepEqual(picked, [0, 0, 1, 2]);
    all[2].isAvailable = false;
    assert.equal(await pick("?quality=low"), 1);
    const wrong = await server.get(`${path}?quality=best`);
    assert.equal(wrong.status, 400);
    assert.match(await detailOf(wrong), /high, medium, low/);
  });

  Deno.test(`${path} needs the password`, async () => {
    const track = new ReplayedTrack(INVENTED_CLIP);
    await using server = await startTestServer({ password: "tea", video: tracksOf(track) });
    const refused = await server.get(path);
    assert.equal(refused.status, 401);
    await refused.body?.cancel();
    const authorization = `Basic ${btoa("vlc:tea")}`;
    const response = await server.get(path, { headers: { authorization } });
    assert.equal(response.status, 200);
    await response.body!.cancel();
  });

  Deno.test(`${path} of a kicked or banned viewer ends, and those of others go on`, async () => {
    const track = new ReplayedTrack(INVENTED_CLIP);
    await using server = await startTestServer({ video: tracksOf(track) });
    server.program.publish(TINY_JPEG);
    const [anna, ben, cleo] = [newCookie(), newCookie(), newCookie()];
    const watch = async (headers: HeadersInit) => {
      const response = await server.get(path, { headers });
      return { status: response.status, reader: response.body!.getReader() };
    };
    const [kicked, banned, other] = await Promise.all([anna, ben, cleo].map(watch));
    const stream = readParts(await server.get("/stream", { headers: anna }));
    await stream.next();
    const state = await (await server.get("/admin/state", { headers: AS_STREAMER })).json();
    await postJson(server, "/admin/kick", { id: state.viewers[0].id }, AS_STREAMER);
    assert.equal((await stream.next()).done, true);
    server.tick();
    const { body } = await postJson(server, "/chat", { text: "Hi", name: "Ben" }, ben);
    await postJson(server, "/admin/chat/ban", { author: body.message.author }, AS_STREAMER);
    for (const { reader } of [kicked, banned]) assert.equal((await reader.read()).done, true);
    for (const viewer of [anna, ben]) {
      const { status, reader } = await watch(viewer);
      assert.equal(status, 403);
      await reader.cancel();
    }
    const read = other.reader.read();
    track.give();
    assert((await read).value!.length > 0);
    await other.reader.cancel();
  });
}

Deno.test("/stream.ts without an MP3 encoder and both without a source of sound have pictures alone", async () => {
  const track = new ReplayedTrack(INVENTED_CLIP);
  await using server = await startTestServer({ ffmpeg: "true", video: tracksOf(track) });
  const open = async (path: string) => {
    const response = await server.get(path);
    const { listeners } = server.soundStream;
    await response.body!.cancel();
    await until("the program to leave", () => server.programs.count === 0, Boolean, { every: 5 });
    return [response.status, listeners];
  };
  assert.deepEqual(await open("/stream.ts"), [200, 0]);
  assert.deepEqual(await open("/stream.mp4"), [200, 1]);
  server.microphone.change({ state: "off" });
  assert.deepEqual(await open("/stream.mp4"), [200, 0]);
});

Deno.test("/stream.mp4 and /stream.ts end in order when the server stops", async () => {
  const track = new ReplayedTrack(INVENTED_CLIP);
  const server = await startTestServer({ video: tracksOf(track) });
  const bodies = PATHS.map(async (path) => (await server.get(path)).bytes());
  await until("both to watch", () => server.programs.count === 2, Boolean, { every: 5 });
  await server[Symbol.asyncDispose]();
  await Promise.all(bodies);
  assert.equal(track.consumers.size, 0);
});
