/** What pages that listen hear, with a source in the test's hands; sound_test.ts has real microphones. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { type FakeSound, soundPacket } from "../support/fake_sound.ts";
import { administer, newCookie, stateOf } from "../support/requests.ts";
import { SoundListener } from "../support/sound_listener.ts";
import { StreamClient } from "../support/stream_client.ts";
import { startTestServer, type TestServerOptions } from "../support/test_server.ts";
import { until } from "../support/until.ts";

/** The server, with a source that gives a packet every 20 ms. */
async function startTalking(options: TestServerOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startTestServer(options));
  const talk = talkInto(server.microphone);
  stack.defer(() => clearInterval(talk));
  const own = stack.move();
  return { server, [Symbol.asyncDispose]: () => own.disposeAsync() };
}

function talkInto(microphone: FakeSound): ReturnType<typeof setInterval> {
  let sequence = 0;
  const begun = Date.now();
  return setInterval(() => {
    while (begun + sequence * 20 < Date.now()) {
      microphone.give(soundPacket(sequence, { at: begun + sequence * 20 }));
      sequence++;
    }
  }, 10);
}

const listenersOf = async (server: { readonly origin: string }) =>
  (await stateOf(server)).sound.listeners;

Deno.test("a page that does not listen receives not one byte of the sound", async () => {
  await using talking = await startTalking();
  await using listening = await SoundListener.open(talking.server);
  await using silent = await SoundListener.open(talking.server);
  listening.listen(true);
  await listening.hears(50);
  assert.equal(silent.bytes, 0);
  silent.listen(true);
  await silent.hears(10);
  silent.listen(false);
  await listening.hears(5);
  const { bytes } = silent;
  await listening.hears(50);
  assert.equal(silent.bytes, bytes);
});

Deno.test("sound that the streamer mutes is over within 100 ms, and comes back", async () => {
  await using talking = await startTalking();
  const { server } = talking;
  await using page = await SoundListener.open(server);
  page.listen(true);
  await page.hears(20);
  const begun = Date.now();
  await administer(server, "sound", { muted: true });
  await delay(300);
  const last = page.packets.at(-1)!.arrivedAt - begun;
  assert.ok(last <= 100, `the last packet came after ${last} ms`);
  const { bytes } = page;
  await delay(500);
  assert.equal(page.bytes, bytes);
  assert.equal(page.state?.sound, "muted");
  await administer(server, "sound", { muted: false });
  await page.hears(20);
  assert.equal(page.state?.sound, "on");
});

Deno.test("nobody hears anything off air", async () => {
  await using talking = await startTalking();
  const { server } = talking;
  await using page = await SoundListener.open(server);
  page.listen(true);
  await page.hears(20);
  await administer(server, "on-air", { onAir: false });
  await delay(100);
  const { bytes } = page;
  await delay(500);
  assert.equal(page.bytes, bytes);
});

Deno.test("sound that is muted stays muted over a restart", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/data`;
  for (const isFirst of [true, false]) {
    const store = openStore(path);
    try {
      await using talking = await startTalking({ store });
      const { server } = talking;
      await using page = await SoundListener.open(server);
      page.listen(true);
      if (isFirst) {
        await page.hears(10);
        await administer(server, "sound", { muted: true });
      } else {
        await until("the state", () => page.state);
        assert.equal(page.state?.sound, "muted");
        await delay(500);
        assert.equal(page.bytes, 0);
      }
    } finally {
      store.close();
    }
  }
});

Deno.test("a page that was cut off hears again once it is back", async () => {
  await using talking = await startTalking();
  const { server } = talking;
  const headers = newCookie();
  {
    await using page = await SoundListener.open(server, { headers });
    page.listen(true);
    await page.hears(10);
  }
  await until("nobody to listen", () => listenersOf(server), (count) => count === 0);
  await using page = await SoundListener.open(server, { headers });
  page.listen(true);
  const took = await page.hears(1);
  assert.ok(took <= 1000, `${took} ms`);
  // It begins with what is said now, not with what it missed.
  const { at, arrivedAt } = page.packets[0];
  assert.ok(arrivedAt - at <= 300, `${arrivedAt - at} ms old`);
});

Deno.test("a hundred listeners come and go, and leave nothing behind", async () => {
  await using talking = await startTalking({ maxSockets: 200, maxSocketsPerAddress: 200 });
  const { server } = talking;
  for (let round = 0; round < 3; round++) {
    await using stack = new AsyncDisposableStack();
    const pages = await Promise.all(
      Array.from(
        { length: 100 },
        () => SoundListener.open(server, { headers: newCookie(), keeps: false }),
      ),
    );
    for (const page of pages) {
      stack.use(page);
      page.listen(true);
      // A page that asks twice listens once.
      page.listen(true);
    }
    await until("all to listen", () => listenersOf(server), (count) => count === 100);
    await Promise.all(pages.map((page) => page.hears(30)));
  }
  await until("nobody to listen", () => listenersOf(server), (count) => count === 0);
  assert.deepEqual(server.log.lines.filter((line) => line.startsWith("error")), []);
});

Deno.test("the sound of a page is reserved for its stream while it listens", async () => {
  await using talking = await startTalking();
  const { server } = talking;
  const headers = newCookie();
  await using _stream = await StreamClient.open(`${server.origin}/stream?live=mine`, { headers });
  await using page = await SoundListener.open(server, { headers });
  page.send({ type: "painted", stream: "mine", sequence: 1, ago: 0 });
  const reserved = () => [...server.audience.viewers].map(({ traffic }) => traffic.reserved);
  page.listen(true);
  await page.hears(100);
  await until("a reservation", () => {
    server.pageSockets.tick();
    return reserved();
  }, ([bits]) => bits >= 20_000 && bits <= 60_000);
  page.listen(false);
  await until("it to be over", () => {
    server.pageSockets.tick();
    return reserved();
  }, ([bits]) => bits === 0);
});
