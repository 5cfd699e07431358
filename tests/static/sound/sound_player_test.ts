import "../../support/page_texts.ts";
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { ClientMessage } from "../../../src/live_messages.ts";
import { encodeSound } from "../../../src/media/sound_message.ts";
import { Decoder } from "../../../static/js/sound/decoder.js";
import { SoundPlayer } from "../../../static/js/sound/sound_player.js";
import { FakeTime } from "../../support/fake_time.ts";
import { fakeAudio } from "./fake_audio.ts";
import { TONE } from "./opus_tone.ts";

/** When the server's clock read this, the page's read 0. */
const EPOCH = 1_700_000_000_000;

/** A page with a player, whose packets take 5 ms. */
function setUp() {
  const time = new FakeTime();
  const audio = fakeAudio(time);
  const sent: ClientMessage[] = [];
  const states: string[] = [];
  const page = {
    isPolling: false,
    isOpen: true,
    pictureAge: null as number | null,
    send(message: ClientMessage) {
      if (page.isOpen) sent.push(message);
      return page.isOpen;
    },
  };
  const player = new SoundPlayer({
    socket: page,
    pictureAge: () => page.pictureAge,
    onChange: () => states.push(player.state),
    clock: { monotonic: () => time.now },
  });
  let sequence = 0;
  return {
    time,
    audio,
    page,
    player,
    sent,
    states,
    listens: () => sent.flatMap((message) => message.type === "listen" ? [message.on] : []),
    reports: () => sent.flatMap((message) => message.type === "heard" ? [message] : []),
    /** Begins to listen, while the fake time passes. */
    async listen() {
      let isDone = false;
      const done = player.listen().finally(() => isDone = true);
      done.catch(() => {});
      while (!isDone) {
        await setImmediate();
        time.tick(1);
      }
      await done;
    },
    /** Lets packets arrive, one every 20 ms, each some milliseconds after its timestamp. */
    play(count: number, transit = 5) {
      for (let i = 0; i < count; i++) {
        time.tick(20);
        const data = TONE[sequence++ % TONE.length];
        const at = EPOCH + time.now - transit;
        const packet = { track: "sound", isKey: true, sequence, at, duration: 20, data } as const;
        player.hear(encodeSound([packet]).buffer);
      }
    },
    [Symbol.dispose]() {
      audio[Symbol.dispose]();
      time[Symbol.dispose]();
    },
  };
}

/** Lets no decoder load until disposed. */
function withoutWebAssembly(): Disposable {
  const load = Decoder.load;
  Decoder.load = () => Promise.reject(new Error("No WebAssembly"));
  return { [Symbol.dispose]: () => void (Decoder.load = load) };
}

Deno.test("a player that nobody started makes no context and asks for nothing", () => {
  using page = setUp();
  page.play(5);
  assert.equal(page.player.state, "silent");
  assert.equal(page.audio.contexts.length, 0);
  assert.deepEqual(page.sent, []);
});

Deno.test("sound plays without a seam, 80 ms after the first packet arrived", async () => {
  using page = setUp();
  await page.listen();
  assert.deepEqual(page.listens(), [true]);
  page.play(1);
  const first = page.time.now;
  page.play(99);
  assert.deepEqual(page.states, ["starting", "playing"]);
  const { scheduled } = page.audio;
  assert.ok(Math.abs(scheduled[0].start - first - 80) < 0.1);
  for (let i = 1; i < scheduled.length; i++) {
    const before = scheduled[i - 1];
    const end = before.start * 48 + before.samples.length;
    assert.ok(Math.abs(scheduled[i].start * 48 - end) < 1e-6, `block ${i}`);
    assert.ok(Number.isInteger(Math.round(scheduled[i].start * 48 * 1e6) / 1e6));
  }
});

Deno.test("the player reports four times a second what it heard", async () => {
  using page = setUp();
  page.page.pictureAge = 20 - EPOCH;
  await page.listen();
  page.play(100);
  const reports = page.reports();
  assert.ok(reports.length >= 7 && reports.length <= 9, `${reports.length}`);
  const { offset, buffered, ...rest } = reports[reports.length - 1];
  assert.deepEqual(rest, { type: "heard", sequence: 88, ago: 10, gaps: 0 });
  // The buffer and the 30 ms of the device.
  assert.ok(buffered > 90 && buffered < 110, `${buffered}`);
  // It comes 5 ms, the buffer and the device after its timestamp; the picture 20 ms.
  assert.ok(offset !== null && Math.abs(offset - (buffered + 5 - 20)) < 5, `${offset}`);
});

Deno.test("the last packet of a burst is reported, and how long ago it arrived", async () => {
  using page = setUp();
  await page.listen();
  page.play(4);
  page.time.tick(2000);
  assert.deepEqual(page.reports().map(({ sequence, ago }) => [sequence, ago]), [[1, 0], [4, 190]]);
});

Deno.test("the player reports the gaps since it began to listen", async () => {
  using page = setUp();
  await page.listen();
  page.play(50);
  page.time.tick(500);
  page.play(30, 505);
  assert.equal(page.reports().at(-1)?.gaps, 1);
  page.player.stop();
  await page.listen();
  page.play(1);
  assert.equal(page.reports().at(-1)?.gaps, 0);
});

Deno.test("sound keeps step with a late picture", async () => {
  using page = setUp();
  page.page.pictureAge = 400 - EPOCH;
  await page.listen();
  page.play(250);
  const { statistics } = page.player;
  assert.ok(statistics?.offset != null && Math.abs(statistics.offset) < 3, `${statistics?.offset}`);
});

Deno.test("stop silences at once what is scheduled, and asks for no more", async () => {
  using page = setUp();
  await page.listen();
  page.play(20);
  page.player.stop();
  const { now } = page.time;
  for (const { start, samples, stop } of page.audio.scheduled) {
    if (start + samples.length / 48 > now + 10) assert.ok(stop !== null && stop <= now + 10.01);
  }
  assert.deepEqual(page.listens(), [true, false]);
  assert.equal(page.player.state, "silent");
  assert.equal(page.player.statistics, null);
  const { length } = page.audio.scheduled;
  page.play(5);
  assert.equal(page.audio.scheduled.length, length);
  assert.equal(page.audio.contexts[0].state, "suspended");
  await page.listen();
  page.play(5);
  assert.equal(page.player.state, "playing");
  assert.equal(page.audio.contexts.length, 1);
});

Deno.test("hush silences at once what has arrived, and what comes later plays", async () => {
  using page = setUp();
  await page.listen();
  page.play(20);
  page.player.hush();
  const { now } = page.time;
  const { scheduled } = page.audio;
  for (const { start, samples, stop } of scheduled) {
    if (start + samples.length / 48 > now + 10) assert.ok(stop !== null && stop <= now + 10.01);
  }
  const { length } = scheduled;
  page.play(5);
  assert.ok(scheduled.length > length);
  assert.equal(page.player.state, "playing");
  assert.deepEqual(page.listens(), [true]);
});

Deno.test("a browser that wants a tap blocks the player, and the server sends nothing", async () => {
  using page = setUp();
  page.audio.isAllowed = false;
  await page.listen();
  assert.deepEqual([page.player.state, page.sent], ["blocked", []]);
  page.audio.isAllowed = true;
  await page.listen();
  page.play(1);
  assert.equal(page.player.state, "playing");
});

Deno.test("without packets the player waits, and lets the sound fade out first", async () => {
  using page = setUp();
  await page.listen();
  page.play(50);
  page.time.tick(1500);
  assert.equal(page.player.state, "waiting");
  const { samples } = page.audio.scheduled[page.audio.scheduled.length - 1];
  assert.ok(Math.abs(samples[samples.length - 1]) < 0.001);
  page.play(1);
  assert.equal(page.player.state, "playing");
  // Nothing was late: the sender paused.
  assert.equal(page.player.statistics?.gaps, 0);
  const again = page.audio.scheduled[page.audio.scheduled.length - 1].samples.map(Math.abs);
  assert.ok(Math.max(...again.slice(0, 40)) < Math.max(...again) / 4, "it fades in");
});

/** Plays a second, and then one packet that arrives this long after the sound before it would have ended. */
function playOneLate(page: ReturnType<typeof setUp>, lateness: number) {
  page.play(50);
  const { start, samples } = page.audio.scheduled.at(-1)!;
  const arrival = start + samples.length / 48 + lateness, sentAt = page.time.now + 15;
  page.time.tick(arrival - 20 - page.time.now);
  page.play(1, arrival - sentAt);
}

Deno.test("a packet that is a little late is heard without a gap, after what replaced it", async () => {
  for (const lateness of [-5, 5, 25]) {
    using page = setUp();
    await page.listen();
    playOneLate(page, lateness);
    assert.equal(page.player.statistics?.gaps, 0);
    const [, ...scheduled] = page.audio.scheduled;
    scheduled.forEach(({ start }, i) => {
      const before = page.audio.scheduled[i];
      assert.ok(Math.abs(start - before.start - before.samples.length / 48) < 0.01);
    });
    page.play(500);
    assert.equal(page.player.statistics?.gaps, 0);
    assert.equal(page.player.statistics?.lost, lateness < 0 ? 1 : lateness < 10 ? 1 : 2);
  }
});

Deno.test("a packet that arrives while the sound fades out makes a gap", async () => {
  using page = setUp();
  await page.listen();
  playOneLate(page, 45);
  assert.equal(page.player.statistics?.gaps, 1);
});

Deno.test("sound that never comes is waited for", async () => {
  using page = setUp();
  await page.listen();
  assert.equal(page.player.state, "starting");
  page.time.tick(1100);
  assert.equal(page.player.state, "waiting");
});

Deno.test("a new connection learns that the page listens", async () => {
  using page = setUp();
  await page.listen();
  page.play(10);
  page.page.isOpen = false;
  page.player.lost();
  page.time.tick(3000);
  assert.equal(page.player.state, "waiting");
  page.page.isOpen = true;
  page.player.reconnected();
  page.play(2);
  assert.equal(page.player.state, "playing");
  assert.deepEqual(page.listens(), [true, true]);
  page.player.reconnected();
  page.player.stop();
  page.player.reconnected();
  assert.deepEqual(page.listens(), [true, true, true, false]);
});

Deno.test("an interrupted context goes on by itself", async () => {
  using page = setUp();
  await page.listen();
  page.play(10);
  page.audio.isAllowed = false;
  page.audio.contexts[0].change("interrupted");
  assert.equal(page.player.state, "blocked");
  assert.deepEqual(page.listens(), [true, false]);
  page.audio.isAllowed = true;
  page.audio.contexts[0].change("suspended");
  page.play(3);
  assert.equal(page.player.state, "playing");
});

Deno.test("a device that is gone is replaced", async () => {
  using page = setUp();
  await page.listen();
  page.play(10);
  page.audio.contexts[0].isStuck = true;
  page.play(120);
  assert.equal(page.audio.contexts.length, 2);
  assert.equal(page.audio.contexts[0].state, "closed");
  assert.equal(page.player.state, "playing");
});

Deno.test("the volume is ramped", async () => {
  using page = setUp();
  await page.listen();
  page.player.volume = 0.25;
  const { gains } = page.audio.contexts[0];
  assert.equal(gains[gains.length - 1], 0.25);
  assert.equal(page.player.volume, 0.25);
});

Deno.test("a page without a WebSocket plays the MP3 instead, until it has one", async () => {
  using page = setUp();
  page.page.isPolling = true;
  page.player.volume = 0.5;
  await page.listen();
  const [element] = page.audio.elements;
  assert.deepEqual([page.player.state, element.src, element.volume], ["playing", "sound.mp3", 0.5]);
  assert.deepEqual(page.sent, []);
  page.page.isPolling = false;
  page.player.reconnected();
  await setImmediate();
  await page.listen();
  assert.deepEqual([element.src, element.paused], ["", true]);
  assert.deepEqual(page.listens(), [true]);
});

Deno.test("the MP3 starts again on a new connection if it has ended or failed", async () => {
  using page = setUp();
  page.page.isPolling = true;
  await page.listen();
  const [element] = page.audio.elements;
  for (const change of [{ ended: true, paused: true }, { error: new Error("network") }]) {
    element.src = "earlier";
    Object.assign(element, change);
    page.player.reconnected();
    await setImmediate();
    assert.deepEqual([element.src, page.player.state], ["sound.mp3", "playing"]);
  }
  element.src = "still playing";
  page.player.reconnected();
  await setImmediate();
  assert.equal(element.src, "still playing");
});

Deno.test("nothing plays if the viewer stops before the decoder could not be loaded", async () => {
  using page = setUp();
  using _ = withoutWebAssembly();
  const listening = page.player.listen();
  page.player.stop();
  await listening;
  assert.equal(page.player.state, "silent");
  assert.deepEqual(page.audio.elements, []);
});

Deno.test("without an AudioContext the MP3 plays; if it cannot, the viewer reads why", async () => {
  using page = setUp();
  Reflect.deleteProperty(globalThis, "AudioContext");
  page.audio.refusal = "NotAllowedError";
  await page.listen();
  assert.equal(page.player.state, "blocked");
  page.audio.refusal = null;
  await page.listen();
  assert.equal(page.player.state, "playing");
  page.player.stop();
  page.audio.refusal = "NotSupportedError";
  await assert.rejects(page.listen(), { message: "This browser cannot play the sound" });
  assert.equal(page.player.state, "silent");
});

Deno.test("messages that are no sound are ignored", async () => {
  using page = setUp();
  await page.listen();
  page.player.hear(new ArrayBuffer(0));
  page.player.hear(Uint8Array.of(1, 2, 3).buffer);
  assert.deepEqual(page.reports(), []);
});
