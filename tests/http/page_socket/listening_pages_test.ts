import assert from "node:assert/strict";
import { SOUND } from "../../../src/media/sound_message.ts";
import { soundPacket } from "../../support/fake_sound.ts";
import { LiveClient } from "../../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../../support/test_server.ts";
import { until } from "../../support/until.ts";

const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

const mute = (server: TestServer, muted: boolean) =>
  server.get("/admin/sound", { method: "POST", headers: ADMIN, body: JSON.stringify({ muted }) });

/** Opens a page that listens. */
async function listen(
  server: TestServer,
  viewer: Readonly<Record<string, string>>,
): Promise<LiveClient> {
  const page = await LiveClient.open(server, viewer);
  await page.next("hello");
  page.send({ type: "listen", on: true });
  await page.settled();
  return page;
}

Deno.test("a page gets the sound from when it listens until it does not", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await listen(server, anna);
  await using other = await LiveClient.open(server, ben);
  await other.next("hello");
  for (let i = 1; i <= 3; i++) server.microphone.give(soundPacket(i));
  await page.nextSounds(3);
  assert.deepEqual([...page.sounds[0].subarray(0, 4)], [SOUND, 1, 960 >> 8, 960 & 0xff]);
  page.send({ type: "listen", on: false });
  await page.settled();
  assert.equal(server.soundStream.listeners, 0);
  server.microphone.give(soundPacket(4));
  await Promise.all([page.settled(), other.settled()]);
  assert.deepEqual([page.sounds.length, other.sounds.length], [3, 0]);
});

Deno.test("a page gets nothing once the streamer has muted the sound, and learns of it at once", async () => {
  await using server = await startTestServer();
  await using page = await listen(server, await newViewer(server));
  await (await mute(server, true)).body?.cancel();
  assert.equal((await page.next("state")).state.sound, "muted");
  server.microphone.give(soundPacket(1));
  await page.settled();
  assert.equal(page.sounds.length, 0);
  const { result } = await (await server.get("/state")).json();
  assert.deepEqual(result.sound, { state: "muted", listeners: 1 });
  await (await mute(server, false)).body?.cancel();
  assert.equal((await page.next("state")).state.sound, "on");
  server.microphone.give(soundPacket(2));
  await page.nextSounds(1);
});

Deno.test("off air, no page gets sound", async () => {
  await using server = await startTestServer();
  await using page = await listen(server, await newViewer(server));
  server.channel.setOnAir(false);
  assert.equal(server.microphone.isWanted, false);
  server.microphone.give(soundPacket(1));
  await page.settled();
  assert.equal(page.sounds.length, 0);
});

Deno.test("a page that disconnects or is banned listens no more", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  const page = await listen(server, anna);
  await using banned = await listen(server, ben);
  assert.equal(server.soundStream.listeners, 2);
  await page[Symbol.asyncDispose]();
  await until("one listener", () => server.soundStream.listeners === 1);
  const [, viewer] = ben.cookie.split("=");
  server.moderation.ban(server.people.authorOf(viewer));
  server.microphone.give(soundPacket(1));
  await banned.closed;
  assert.equal(banned.sounds.length, 0);
  await until("no listener", () => server.soundStream.listeners === 0);
});

Deno.test("a kicked viewer without a cookie listens no more, and cannot join again", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const stream = await server.get("/stream");
  await using kicked = await listen(server, {});
  await using other = await listen(server, await newViewer(server));
  const [{ connection }] = server.audience.viewers;
  assert.ok(server.audience.kick(connection));
  await kicked.next("kicked");
  await using again = await LiveClient.open(server);
  assert.ok((await again.next("kicked")).until! > Date.now());
  await again.closed;
  server.microphone.give(soundPacket(1));
  await other.nextSounds(1);
  assert.deepEqual([kicked.sounds.length, again.sounds.length], [0, 0]);
  await stream.body?.cancel();
});

Deno.test("a page without a WebSocket is told why it cannot listen", async () => {
  await using server = await startTestServer();
  const response = await server.get("/live", {
    method: "POST",
    headers: { ...await newViewer(server), "content-type": "application/json" },
    body: JSON.stringify({ key: "k", messages: [{ type: "listen", on: true }] }),
  });
  const { messages } = await response.json();
  assert.equal(messages.at(-1).code, "sound-needs-socket");
  assert.equal(server.soundStream.listeners, 0);
});

Deno.test("the studio sees how each page hears", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const anna = await newViewer(server);
  const stream = await server.get("/stream?live=tab", { headers: anna });
  await using page = await listen(server, anna);
  const hearing = async () => {
    const state = await (await server.get("/admin/state", { headers: ADMIN })).json();
    assert.equal(state.sound.listeners, 1);
    return state.viewers[0].hearing;
  };
  assert.equal(await hearing(), null);
  page.send({ type: "painted", stream: "tab", sequence: 1, ago: 0 });
  server.microphone.give(soundPacket(1, { at: Date.now() - 100 }));
  await page.nextSounds(1);
  page.send({ type: "heard", sequence: 1, ago: 0, buffered: 60, gaps: 1, offset: 12.3 });
  await page.settled();
  const { delay, ...rest } = await hearing();
  assert.deepEqual(rest, { gaps: 1, dropped: 0, offset: 12 });
  assert.ok(delay >= 155 && delay < 1000, `${delay}`);
  await stream.body?.cancel();
});

Deno.test("the picture of a page that listens leaves room for its sound", async () => {
  await using server = await startTestServer();
  server.program.publish(TINY_JPEG);
  const anna = await newViewer(server);
  const stream = await server.get("/stream?live=tab", { headers: anna });
  await using page = await listen(server, anna);
  page.send({ type: "painted", stream: "tab", sequence: 1, ago: 0 });
  server.microphone.give(soundPacket(1));
  await page.nextSounds(1);
  const reserved: unknown[] = [];
  server.audience.reserve = (listening) => void reserved.push(...listening);
  server.tick();
  const bits = (3 + 22 + 56) * 8 * 50;
  const [, viewer] = anna.cookie.split("=");
  assert.deepEqual(reserved, [{ viewer, stream: "tab", bits }]);
  await stream.body?.cancel();
});

Deno.test("studios get the level, also off air, and nobody else does", async () => {
  await using server = await startTestServer();
  server.channel.setOnAir(false);
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  assert.equal(server.microphone.isWanted, false);
  const studio = await LiveClient.open(server, {}, ADMIN_TOKEN);
  await studio.next("studio");
  assert.equal(server.microphone.isWanted, true);
  const level = { peak: -3, rms: -20.5 };
  server.microphone.events.emit("level", level);
  assert.deepEqual(await studio.next("level"), { type: "level", level });
  await page.settled();
  assert.ok(!page.received.some(({ type }) => type === "level"));
  await studio[Symbol.asyncDispose]();
  await until("a closed microphone", () => !server.microphone.isWanted);
});
