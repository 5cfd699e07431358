/// <reference lib="dom" />
import assert from "node:assert/strict";
import { LivePlayer } from "../../../static/js/hls/hls_player.js";
import { FakeTime } from "../../support/fake_time.ts";

/** A player with hls.js that the test has fail. */
async function stage() {
  const time = new FakeTime();
  const { now } = performance;
  performance.now = () => time.now;
  /** The instances of hls.js, oldest first. */
  const made: FakeHls[] = [];
  class FakeHls {
    static isSupported = () => true;
    readonly config = {};
    readonly calls: string[] = [];
    #onError = (_event: string, _error: unknown) => {};

    constructor() {
      made.push(this);
    }

    on(event: string, listener: (event: string, error: unknown) => void) {
      if (event === "hlsError") this.#onError = listener;
    }

    loadSource() {}
    attachMedia() {}
    recoverMediaError = () => void this.calls.push("recover");
    destroy = () => void this.calls.push("destroy");
    fail(type: string, details: string) {
      this.#onError("hlsError", { fatal: true, type, details });
    }
  }
  const script = { onload: () => {} };
  Reflect.set(globalThis, "Hls", FakeHls);
  Reflect.set(globalThis, "document", {
    createElement: () => script,
    head: { append: () => script.onload() },
  });
  const states: string[] = [];
  const video = Object.assign(new EventTarget(), {
    canPlayType: () => "",
    play: () => Promise.resolve(),
  }) as unknown as ConstructorParameters<typeof LivePlayer>[0];
  const player = new LivePlayer(video, (state) => states.push(state));
  await player.load("live.m3u8");
  return {
    ...{ made, states, time },
    [Symbol.dispose]() {
      time[Symbol.dispose]();
      performance.now = now;
      for (const name of ["Hls", "document"]) Reflect.deleteProperty(globalThis, name);
    },
  };
}

Deno.test("in a browser that does not play H.264, the player says so and tries no more", async () => {
  using test = await stage();
  const { made, states, time } = test;
  made[0].fail("mediaError", "manifestIncompatibleCodecsError");
  assert.deepEqual(states, ["unplayable"]);
  assert.deepEqual(made[0].calls, ["destroy"]);
  time.tick(60_000);
  assert.equal(made.length, 1);
});

Deno.test("hls.js mends what cannot be decoded, and begins anew if that fails again soon", async () => {
  using test = await stage();
  const { made, states, time } = test;
  time.tick(10_000);
  for (let error = 0; error < 2; error++) {
    made[0].fail("mediaError", "bufferAppendError");
    time.tick(3_000);
  }
  assert.deepEqual(made[0].calls, ["recover", "recover"]);
  made[0].fail("mediaError", "bufferAppendError");
  time.tick(2_900);
  made[0].fail("mediaError", "bufferAppendError");
  assert.deepEqual(made[0].calls.slice(2), ["recover", "destroy"]);
  assert.equal(made.length, 1);
  time.tick(2_000);
  assert.equal(made.length, 2);
  assert.ok(states.every((state) => state === "lost"));
});

Deno.test("hls.js begins anew two seconds after a fatal error of the network", async () => {
  using test = await stage();
  const { made, time } = test;
  made[0].fail("networkError", "levelLoadError");
  assert.deepEqual(made[0].calls, ["destroy"]);
  time.tick(1_900);
  assert.equal(made.length, 1);
  time.tick(100);
  assert.equal(made.length, 2);
});
