/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { ClientMessage } from "../../src/live_messages.ts";
import { encodeSound } from "../../src/media/sound_message.ts";
import type { SoundPlayer } from "../../static/js/sound/sound_player.js";
import { distortion, toneOf } from "../support/tone.ts";
import { TONE } from "../static/sound/opus_tone.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";

/** The browser needs a tap, as on a viewer's device, and knows a name on plain HTTP that is not trusted. */
const browser = sharedChromium([
  "--autoplay-policy=document-user-activation-required",
  "--host-resolver-rules=MAP lan.test 127.0.0.1",
]);
const channel = sharedChannel("--allow-host=lan.test");

/** Ten seconds of a tone, a packet a message, as base64. */
const MESSAGES = Array.from({ length: 500 }, (_, i) => {
  const data = TONE[i % TONE.length];
  const at = 1_700_000_000_000 + i * 20;
  const message = encodeSound([{
    track: "sound",
    isKey: true,
    sequence: i + 1,
    at,
    duration: 20,
    data,
  }]);
  return btoa(String.fromCharCode(...message));
});

/** What a page of these tests has. */
interface Ears {
  readonly player: SoundPlayer;
  /** Whether the server was asked for sound, each time. */
  readonly listens: readonly boolean[];
  /** How loud the output is, 0..1. */
  level(): number;
}

/** Makes a player that tries to play at once, and at each click. It runs in the page, before its scripts. */
function prepare(messages: readonly string[]): void {
  let analyser: AnalyserNode | undefined;
  const native = AudioNode.prototype.connect as (target: AudioNode) => AudioNode;
  const connect = function (this: AudioNode, target: AudioNode) {
    if (target instanceof AudioDestinationNode) {
      analyser = new AnalyserNode(target.context, { fftSize: 1024 });
      native.call(this, analyser);
    }
    return native.call(this, target);
  };
  Object.assign(AudioNode.prototype, { connect });
  addEventListener("load", async () => {
    const url = new URL("js/sound/sound_player.js", location.href).href;
    const { SoundPlayer } = await import(url) as {
      SoundPlayer: new (options: object) => SoundPlayer;
    };
    const listens: boolean[] = [];
    let timer: ReturnType<typeof setInterval> | undefined;
    const send = (message: ClientMessage) => {
      if (message.type !== "listen") return true;
      listens.push(message.on);
      clearInterval(timer);
      const since = performance.now();
      let sent = 0;
      if (message.on) timer = setInterval(play, 10);
      function play() {
        while (sent < messages.length && since + sent * 20 < performance.now()) {
          const bytes = Uint8Array.from(
            atob(messages[sent++]),
            (character) => character.charCodeAt(0),
          );
          player.hear(bytes.buffer);
        }
      }
      return true;
    };
    const player = new SoundPlayer({
      socket: { send, isPolling: false },
      pictureAge: () => null,
      // Tests that ask the page would give it what counts as a gesture.
      onChange: () => reportState(player.state),
    });
    const level = () => {
      const samples = new Float32Array(1024);
      analyser?.getFloatTimeDomainData(samples);
      return Math.max(...samples);
    };
    Object.assign(globalThis, { ears: { player, listens, level } });
    addEventListener("click", () => player.listen());
    player.listen();
  });
}

/** Runs in the page. */
declare const ears: Ears;
/** Runs in the page, and calls the test. */
declare const reportState: (state: string) => void;

Deno.test("on plain HTTP, sound is blocked until a click, then heard, and silent once stopped", async () => {
  await using opened = await openPage(browser);
  const { page, complaints } = opened;
  await page.addInitScript(prepare, MESSAGES);
  const { promise: isBlocked, resolve } = Promise.withResolvers<void>();
  await page.exposeFunction("reportState", (state: string) => state === "blocked" && resolve());
  await page.goto(channel.origin.replace("127.0.0.1", "lan.test"));
  await isBlocked;
  assert.deepEqual(await page.evaluate(() => [isSecureContext, ears.listens]), [false, []]);
  await page.click("h1");
  await page.waitForFunction(() => ears.player.state === "playing" && ears.level() > 0.05);
  assert.deepEqual(await page.evaluate(() => ears.listens), [true]);
  const buffered = await page.evaluate(() => ears.player.statistics?.buffered ?? NaN);
  assert.ok(buffered > 20 && buffered < 300, `${buffered} ms`);
  await page.evaluate(() => ears.player.stop());
  await page.waitForFunction(() => ears.level() === 0);
  assert.deepEqual(await page.evaluate(() => ears.listens), [true, false]);
  assert.deepEqual(complaints.filter((text) => !text.includes("not allowed to start")), []);
});

Deno.test("blocks of sound play without a seam in a real browser, whatever their rates", async () => {
  await using opened = await openPage(browser);
  const { page, complaints } = opened;
  await page.goto(channel.origin);
  const [left] = toneOf(1000, 48_000);
  const played = await page.evaluate(async (tone) => {
    const context = new OfflineAudioContext(2, 48_000, 48_000);
    Object.assign(globalThis, {
      AudioContext: function () {
        return context;
      },
    });
    const { SoundOutput } = await import(new URL("js/sound/sound_output.js", location.href).href);
    const output = new SoundOutput(() => {});
    output.moveTo(20);
    for (let i = 0; i < 45; i++) {
      const block = Float32Array.from(tone.slice(i * 960, (i + 1) * 960));
      output.play([block, block.slice()], { rate: 1.005, fadesIn: i === 0 });
    }
    const rendered = await context.startRendering();
    return [...rendered.getChannelData(0)];
  }, [...left]);
  const found = distortion(Float32Array.from(played.slice(2000, 40_000)), 1005);
  assert.ok(found < -80, `${found} dB`);
  assert.ok(played.slice(0, 960).every((sample) => sample === 0));
  assert.deepEqual(complaints, []);
});
