import assert from "node:assert/strict";
import { type OggPacket, OggReader } from "../../../src/media/ogg/reader.ts";
import { channelsOf, silence } from "../../../src/media/opus.ts";
import { AS_STREAMER, newCookie, postJson } from "../../support/requests.ts";
import { SoundEmitter } from "../../support/sound_emitter.ts";
import { readParts, startTestServer, TINY_JPEG } from "../../support/test_server.ts";
import { until } from "../../support/until.ts";

const SOUND = Uint8Array.of(0xf8, 1, 2, 3);

/** Reads packets until there are so many; fewer only if the response ends. */
async function readPackets(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  count: number,
  ogg = new OggReader(),
): Promise<OggPacket[]> {
  const packets: OggPacket[] = [];
  while (packets.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    packets.push(...ogg.push(value));
  }
  return packets;
}

async function detailOf(response: Response): Promise<string> {
  return (await response.json()).detail;
}

Deno.test("/sound.ogg gives the packets from now on, and forgets a program that goes away", async () => {
  const sound = new SoundEmitter();
  await using server = await startTestServer({ sound });
  sound.publish(Uint8Array.of(0xf8, 9));
  const response = await server.get("/sound.ogg");
  assert.equal(response.headers.get("content-type"), "audio/ogg; codecs=opus");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(server.programs.count, 1);
  assert.equal(server.soundStream.listeners, 1);
  for (let count = 0; count < 3; count++) sound.publish(SOUND);
  const reader = response.body!.getReader();
  const packets = await readPackets(reader, 3);
  assert.deepEqual(packets.map(({ data }) => data), [SOUND, SOUND, SOUND]);
  await reader.cancel();
  await until("the program to leave", () => server.soundStream.listeners === 0, Boolean, {
    every: 5,
  });
  assert.equal(server.programs.count, 0);
});

Deno.test("/sound.ogg is silence while the sound is muted, and nothing off air", async () => {
  const sound = new SoundEmitter();
  sound.current = "muted";
  await using server = await startTestServer({ sound });
  const reader = (await server.get("/sound.ogg")).body!.getReader();
  const ogg = new OggReader();
  const packets = await readPackets(reader, 20, ogg);
  for (const { data } of packets) assert.deepEqual(data, silence(2));
  server.channel.setOnAir(false);
  sound.current = "on";
  server.channel.setOnAir(true);
  sound.publish(SOUND);
  const [packet] = (await readPackets(reader, 1, ogg)).slice(-1);
  assert.equal(channelsOf(packet.data), channelsOf(SOUND));
  await reader.cancel();
});

for (const path of ["/sound.ogg", "/sound.mp3"]) {
  Deno.test(`${path} answers 404 where there is no sound`, async () => {
    await using server = await startTestServer();
    server.microphone.change({ state: "off" });
    const response = await server.get(path);
    assert.equal(response.status, 404);
    assert.match(await detailOf(response), /^This stream has no sound/);
    assert.equal((await server.get(path, { method: "HEAD" })).status, 404);
    assert.equal(server.programs.count, 0);
  });

  Deno.test(`${path} takes a seat among those of viewers, except for HEAD`, async () => {
    const sound = new SoundEmitter();
    await using server = await startTestServer({ sound, maxViewers: 2 });
    server.program.publish(TINY_JPEG);
    const head = await server.get(path, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.match(head.headers.get("content-type")!, /^audio/);
    const [listening, watching] = [await server.get(path), await server.get("/stream")];
    const refused = await server.get(path);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "10");
    assert.equal((await refused.json()).code, "full");
    await listening.body!.cancel();
    await until("the seat to be free", () => server.programs.count === 0, Boolean, { every: 5 });
    const again = await server.get(path);
    assert.equal(again.status, 200);
    await Promise.all([again, watching].map(({ body }) => body!.cancel()));
  });
}

Deno.test("/sound.mp3 answers 501 where ffmpeg cannot encode it", async () => {
  await using server = await startTestServer({ sound: new SoundEmitter(), ffmpeg: "true" });
  const response = await server.get("/sound.mp3");
  assert.equal(response.status, 501);
  assert.match(await detailOf(response), /cannot encode MP3/);
});

Deno.test("/sound.ogg of a kicked or banned viewer ends, and those of others go on", async () => {
  const sound = new SoundEmitter();
  await using server = await startTestServer({ sound });
  server.program.publish(TINY_JPEG);
  const [anna, ben, cleo] = [newCookie(), newCookie(), newCookie()];
  const listen = async (headers: HeadersInit) => {
    const response = await server.get("/sound.ogg", { headers });
    return { status: response.status, reader: response.body!.getReader() };
  };
  const [kicked, banned, other] = await Promise.all([anna, ben, cleo].map(listen));
  const stream = readParts(await server.get("/stream", { headers: anna }));
  await stream.next();
  const state = await (await server.get("/admin/state", { headers: AS_STREAMER })).json();
  await postJson(server, "/admin/kick", { id: state.viewers[0].id }, AS_STREAMER);
  assert.equal((await stream.next()).done, true);
  server.tick();
  const { body } = await postJson(server, "/chat", { text: "Hi", name: "Ben" }, ben);
  const { author } = body.message;
  await postJson(server, "/admin/chat/ban", { author }, AS_STREAMER);
  // On a busy machine, silence came before the end.
  for (const { reader } of [kicked, banned]) await readPackets(reader, Infinity);
  for (const viewer of [anna, ben]) {
    const { status, reader } = await listen(viewer);
    assert.equal(status, 403);
    await reader.cancel();
  }
  sound.publish(SOUND);
  // On a busy machine, silence came before it.
  assert.notEqual((await readPackets(other.reader, 1)).length, 0);
  await other.reader.cancel();
});

Deno.test("/sound.ogg and /sound.mp3 end in order when the server stops", async () => {
  const server = await startTestServer({ sound: new SoundEmitter() });
  const bodies = ["/sound.ogg", "/sound.mp3"].map(async (path) => {
    const response = await server.get(path);
    return response.bytes();
  });
  await until("both to listen", () => server.programs.count === 2, Boolean, { every: 5 });
  await server[Symbol.asyncDispose]();
  await Promise.all(bodies);
});
