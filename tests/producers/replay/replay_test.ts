import assert from "node:assert/strict";
import { Replay } from "../../../src/producers/replay/replay.ts";
import type { PlayheadStart } from "../../../src/producers/replay/playhead.ts";
import type { Frame, SoundPacket } from "../../../src/media/packet.ts";
import { LEAD_MS } from "../../../src/producers/replay/sound_head.ts";
import { FakePast } from "../../support/fake_past.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { soundPacket } from "../../support/fake_sound.ts";

/** How much later than in the past it is. Milliseconds. */
const LATER = 1_000_000;

/** Runs a replay of frames that are 40 ms apart, in the test's time. */
class Stage implements AsyncDisposable {
  readonly time = new FakeTime();
  readonly past = new FakePast(Array.from({ length: 100 }, (_, i) => i * 40));
  readonly frames: Frame[] = [];
  readonly replay: Replay;
  readonly #end: Promise<void>;

  constructor(start: PlayheadStart) {
    const clock = { wall: () => LATER + this.time.now, monotonic: () => this.time.now };
    this.replay = new Replay(this.past, start, clock);
    this.#end = this.#read();
  }

  get shown(): number[] {
    return this.frames.map(({ at }) => at);
  }

  /** Lets so much time pass, and what is due happen. */
  async pass(milliseconds: number): Promise<void> {
    await settle();
    for (let i = 0; i < milliseconds; i++) {
      this.time.tick(1);
      await settle();
    }
  }

  async #read(): Promise<void> {
    for await (const frame of this.replay.packets()) this.frames.push(frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.replay.stop();
    await this.#end;
    assert.equal(this.time.timers, 0);
    this.time[Symbol.dispose]();
  }
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("replay yields frames of the past with their own times, due now", async () => {
  await using stage = new Stage({ at: 400 });
  await stage.pass(90);
  assert.deepEqual(stage.shown, [400, 440, 480]);
  assert.deepEqual(stage.frames.map(({ due }) => due), [0, 40, 80].map((ms) => LATER + ms));
  assert.deepEqual(stage.frames.map(({ sequence }) => sequence), [1, 2, 3]);
  assert.deepEqual(stage.frames.map(({ data }) => data[0]), [10, 11, 12]);
});

Deno.test("replay shows where it jumps to without waiting", async () => {
  await using stage = new Stage({ at: 0, speed: 0 });
  await stage.pass(1000);
  for (const at of [400, 800, 1200]) stage.replay.change({ at });
  await settle();
  assert.deepEqual(stage.shown, [0, 1200]);
  stage.replay.change({ step: -1 });
  await settle();
  stage.replay.change({ at: 2000, speed: 0.5 });
  await stage.pass(85);
  assert.deepEqual(stage.shown, [0, 1200, 1160, 2000, 2040]);
});

Deno.test("replay goes on at the oldest frame if its own is gone before it was read", async () => {
  await using stage = new Stage({ at: 0, speed: 0 });
  await settle();
  stage.replay.change({ at: 400, speed: 1 });
  stage.past.forget(2000);
  await stage.pass(50);
  assert.deepEqual(stage.shown, [0, 2000, 2040]);
});

Deno.test("replay paused at a frame that is gone before it was read shows another one", async () => {
  await using stage = new Stage({ at: 0, speed: 0 });
  await settle();
  const { past } = stage;
  let reads = 0;
  const read = past.read.bind(past);
  past.read = (frame) => {
    // As with a file: others have written over it by the time.
    if (reads++ < 2) past.forget(frame.at + 100);
    return read(frame);
  };
  stage.replay.change({ at: 400 });
  await stage.pass(10);
  assert.deepEqual(stage.shown, [0, 640]);
  past.read = () => {
    reads++;
    return Promise.resolve(null);
  };
  reads = 0;
  stage.replay.change({ at: 1000 });
  await stage.pass(100);
  assert(reads > 1 && reads < 10, `${reads}`);
  past.read = read;
  stage.replay.change({ at: 2000 });
  await stage.pass(10);
  assert.deepEqual(stage.shown, [0, 640, 2000]);
});

Deno.test("replay gives its sound a little ahead of its frames, at normal speed alone", async () => {
  await using stage = new Stage({ at: 1000 });
  for (let at = 0; at < 4000; at += 20) stage.past.packets.push(soundPacket(1, { at }));
  await stage.pass(10);
  const heard: SoundPacket[] = [];
  const consumer = { deliver: (packet: SoundPacket) => void heard.push(packet) };
  stage.replay.sound.join(consumer);
  await stage.pass(200);
  const times = heard.map(({ at }) => at);
  assert(times[0] >= 960 && times[0] <= 1020, `${times[0]}`);
  assert(times.every((at, i) => i === 0 || at - times[i - 1] === 20));
  const end = 1200 + LEAD_MS;
  assert(times.at(-1)! > end - 60 && times.at(-1)! <= end + 20, `${times.at(-1)}`);
  assert(heard.every(({ at, due }) => Math.abs(due! - at - LATER + 1000) <= 50));
  const { length } = heard;
  stage.replay.change({ speed: 0.5 });
  await stage.pass(200);
  assert.equal(heard.length, length);
  stage.replay.change({ at: 3000, speed: 1 });
  await stage.pass(40);
  assert.equal(heard[length].at, 3000);
  stage.replay.sound.leave(consumer);
});
