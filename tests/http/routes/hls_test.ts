import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Hls } from "../../../src/consumers/hls/hls.ts";
import type { Call } from "../../../src/http/call.ts";
import { hlsRoutes } from "../../../src/http/routes/hls.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../../support/replayed_track.ts";
import { startTestServer, type TestServerOptions } from "../../support/test_server.ts";
import { readPlaylist } from "../../consumers/hls/read_playlist.ts";

/** A test server with HLS, whose track plays. There is no ffmpeg. */
async function start(options: TestServerOptions = {}) {
  const track = new ReplayedTrack(INVENTED_CLIP);
  const server = await startTestServer({
    ...{ hls: true, video: tracksOf(track), ffmpeg: "/nonexistent/ffmpeg" },
    ...options,
  });
  const playing = track.play();
  const ticker = setInterval(() => server.tick(), 50);
  return {
    server,
    track,
    text: async (path: string) => await (await server.get(path)).text(),
    async [Symbol.asyncDispose]() {
      clearInterval(ticker);
      playing[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("HLS is there after --hls alone", async () => {
  await using server = await startTestServer();
  for (const path of ["", "/", "/live.m3u8", "/high.m3u8", "/channel.json", "/a-high-1.m4s"]) {
    const response = await server.get(`/hls${path}`, { redirect: "manual" });
    assert.equal(response.status, 404, path);
    await response.body?.cancel();
  }
});

Deno.test("all that a playlist names can be fetched, and says how long it may be kept", async () => {
  await using stage = await start();
  const { server, text } = stage;
  const live = await server.get("/hls/live.m3u8");
  assert.equal(live.status, 200);
  assert.match(
    await live.text(),
    /CODECS="avc1\.42c01f(?:,mp4a\.40\.2)?",RESOLUTION=32x16\nhigh\.m3u8\n/,
  );
  for (const playlist of ["high.m3u8", "low.m3u8"]) {
    const response = await server.get(`/hls/${playlist}`);
    assert.equal(response.headers.get("cache-control"), "public, max-age=1");
    assert.equal(response.headers.get("content-type"), "application/vnd.apple.mpegurl");
    const { uris } = readPlaylist(await response.text());
    for (const uri of uris) {
      const file = await server.get(`/hls/${uri}`);
      assert.equal(file.status, 200, uri);
      assert.match(file.headers.get("cache-control")!, /immutable/);
      assert.equal(file.headers.get("access-control-allow-origin"), null);
      assert.equal(file.headers.get("set-cookie"), null);
      assert.equal(file.headers.get("vary"), null);
      await file.bytes();
    }
  }
  for (const gone of ["01234567-high-0.m4s", "medium.m3u8", "x.mp4", "high.m3u8/x"]) {
    const response = await server.get(`/hls/${gone}`);
    assert.equal(response.status, 404, gone);
    await response.body?.cancel();
  }
  assert.match(await text("/hls/live.m3u8"), /low\.m3u8/);
});

Deno.test("parts=no is for caches: whole segments, and no waiting", async () => {
  await using stage = await start();
  const { text } = stage;
  await text("/hls/live.m3u8");
  const playlist = await text("/hls/high.m3u8?parts=no");
  assert.match(playlist, /#EXTINF/);
  assert.doesNotMatch(playlist, /PART|CAN-BLOCK-RELOAD|PRELOAD/);
  assert.match(await text("/hls/high.m3u8"), /CAN-BLOCK-RELOAD/);
});

Deno.test("a request for what comes next is answered when it is there", async () => {
  await using stage = await start();
  const { server, text } = stage;
  await text("/hls/live.m3u8");
  const { segments } = readPlaylist(await text("/hls/high.m3u8"));
  const { sequence } = segments.at(-1)!;
  const next = readPlaylist(await text(`/hls/high.m3u8?_HLS_msn=${sequence + 1}`));
  assert.ok(next.segments.some((one) => one.sequence === sequence + 1 && one.uri !== null));
  const statusOf = async (query: string) => {
    const response = await server.get(`/hls/high.m3u8?${query}`);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await statusOf(`_HLS_msn=${sequence + 1_000}`), 400);
  assert.equal(await statusOf("_HLS_msn=-1"), 400);
  assert.equal(await statusOf("_HLS_part=0"), 400);
  assert.equal(await statusOf("_HLS_msn=0&_HLS_part=0"), 200);
});

Deno.test("without pictures, the first request is answered with 503 after a while, and leaves nothing behind", async () => {
  const track = new ReplayedTrack(INVENTED_CLIP);
  await using server = await startTestServer({ hls: true, video: tracksOf(track) });
  const begun = performance.now();
  const response = await server.get("/hls/live.m3u8");
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "2");
  assert.ok(performance.now() - begun < 15_000);
  await response.body?.cancel();
});

Deno.test("a rendition that has nothing yet is no empty playlist, which would count from 0 again", async () => {
  const time = { now: 0 };
  const clock = { wall: () => 1_700_000_000_000 + time.now, monotonic: () => time.now };
  const [best, small] = [new ReplayedTrack(INVENTED_CLIP), new ReplayedTrack(INVENTED_CLIP)];
  // An encoder that gives nothing.
  small.join = () => {};
  const hls = new Hls({ tracks: tracksOf(best, small), aac: null, prefix: "01234567", clock });
  const routes = hlsRoutes(
    hls,
    {
      ...{
        page: "",
        languages: [{ tag: "en", texts: {} }],
        chat: { newest: () => ({ chat: [] }) },
      },
      channelState: () => {
        throw new Error("Not needed");
      },
    } as unknown as Parameters<typeof hlsRoutes>[1],
  );
  const get = (name: string) =>
    Promise.resolve(
      routes["/hls/{file}"].GET!({ url: new URL(`http://x/hls/${name}`) } as Call),
    );
  hls.hold();
  for (let second = 0; second < 7; second++) {
    time.now += 1_000;
    best.give(clock.wall());
    hls.tick();
  }
  assert.equal((await get("high.m3u8")).status, 200);
  for (const name of ["low.m3u8", "low.m3u8?parts=no"]) {
    await assert.rejects(get(name), { status: 503 });
  }
  hls.stop();
});

Deno.test("without an encoder, requests are answered with 503 at once", async () => {
  await using server = await startTestServer({ hls: true, h264: "off" });
  const begun = performance.now();
  const response = await server.get("/hls/live.m3u8");
  assert.equal(response.status, 503);
  assert.match(await response.text(), /ffmpeg has no encoder for H\.264, or it is off/);
  assert.ok(performance.now() - begun < 5_000);
});

Deno.test("the page and its data are the same for everyone", async () => {
  await using stage = await start();
  const { server } = stage;
  const page = await server.get("/hls/", { headers: { "accept-language": "de" } });
  assert.equal(page.headers.get("set-cookie"), null);
  assert.equal(page.headers.get("vary"), null);
  assert.equal(page.headers.get("cache-control"), "public, max-age=1");
  const html = await page.text();
  assert.match(html, /<title>&lt;Tea&gt; &amp; cake<\/title>/);
  assert.doesNotMatch(html, /\{\{/);
  const without = await server.get("/hls", { redirect: "manual" });
  await without.body?.cancel();
  assert.equal(without.status, 303);
  assert.equal(without.headers.get("location"), "./hls/");
  const card = await (await server.get("/hls/channel.json")).json();
  assert.deepEqual(Object.keys(card), ["at", "title", "onAir", "live", "viewers", "chat"]);
  assert.ok(Math.abs(card.at - Date.now()) < 2_000);
  await delay(100);
  const again = await (await server.get("/hls/channel.json")).json();
  assert.equal(again.at, card.at);
});

Deno.test("with a password, HLS needs it and is for no other site", async () => {
  await using stage = await start({ password: "sesame" });
  const { server } = stage;
  for (const path of ["live.m3u8", "high.m3u8", "channel.json", "a-high-1.m4s"]) {
    const response = await server.get(`/hls/${path}`);
    assert.equal(response.status, 401, path);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    await response.body?.cancel();
  }
});
