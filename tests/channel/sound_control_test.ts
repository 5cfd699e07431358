import assert from "node:assert/strict";
import { Channel } from "../../src/channel/channel.ts";
import { SoundControl, type SoundSettings } from "../../src/channel/sound_control.ts";
import { StoreError } from "../../src/channel/store.ts";
import type { SoundState } from "../../src/live_messages.ts";
import type { SoundPacket } from "../../src/media/packet.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { SoundStream } from "../../src/streams/sound_stream.ts";
import { FakeSound, soundPacket } from "../support/fake_sound.ts";
import { FORGETFUL_STORE } from "../support/forgetful_store.ts";
import { recordingLog } from "../support/recording_log.ts";

/** A listener that remembers when each packet is due. */
class Ear {
  readonly heard: number[] = [];

  deliver({ at }: SoundPacket): void {
    this.heard.push(at);
  }
}

type Initial = Partial<Pick<SoundSettings, "delay" | "onDemand">>;

function start(
  initial: Initial = {},
  store: Pick<Store, "sound" | "close"> = openStore(":memory:"),
) {
  const log = recordingLog();
  const time = { now: 0 };
  const channel = new Channel({ title: "Tea", offAir: false, store: FORGETFUL_STORE, log });
  const producer = new FakeSound();
  const stream = new SoundStream();
  const control = new SoundControl({
    ...{ producer, stream, channel, store: store.sound, log },
    initial: { delay: 0, onDemand: false, ...initial },
    clock: { monotonic: () => time.now },
  });
  const states: SoundState[] = [];
  control.events.on("state", (state) => states.push(state));
  return {
    ...{ channel, producer, stream, control, states, log, time },
    [Symbol.dispose]: () => store.close(),
  };
}

Deno.test("sound is open on air and closed off air", () => {
  using sound = start();
  assert.equal(sound.producer.isWanted, true);
  sound.channel.setOnAir(false);
  assert.deepEqual([sound.producer.isWanted, sound.stream.isOpen], [false, false]);
  sound.channel.setOnAir(true);
  assert.deepEqual([sound.producer.isWanted, sound.stream.isOpen], [true, true]);
});

Deno.test("off air, the source is open only for a studio, and nobody else gets any of it", () => {
  using sound = start();
  sound.channel.setOnAir(false);
  sound.control.isMetered = true;
  assert.deepEqual([sound.producer.isWanted, sound.stream.isOpen], [true, false]);
  sound.control.isMetered = false;
  assert.equal(sound.producer.isWanted, false);
});

Deno.test("on demand, the source is open only while somebody listens, and 3 s longer", () => {
  using sound = start({ onDemand: true });
  const ear = new Ear();
  sound.control.isMetered = true;
  assert.equal(sound.producer.isWanted, false);
  sound.stream.join(ear);
  assert.equal(sound.producer.isWanted, true);
  sound.time.now = 10_000;
  sound.control.tick();
  sound.stream.leave(ear);
  sound.time.now = 12_999;
  sound.control.tick();
  assert.equal(sound.producer.isWanted, true);
  sound.time.now = 13_000;
  sound.control.tick();
  assert.equal(sound.producer.isWanted, false);
});

Deno.test("on demand, the source is open while it is recorded, which is no listener", () => {
  using sound = start({ onDemand: true });
  const recorder = new Ear();
  sound.stream.record(recorder, { isWanted: true });
  assert.deepEqual([sound.producer.isWanted, sound.control.studio.listeners], [true, 0]);
  sound.stream.stopRecording(recorder);
  sound.time.now = 3_000;
  sound.control.tick();
  assert.equal(sound.producer.isWanted, false);
});

Deno.test("on demand, muting and going off air close the source at once", () => {
  using sound = start({ onDemand: true });
  sound.stream.join(new Ear());
  sound.control.set({ muted: true });
  assert.equal(sound.producer.isWanted, false);
  sound.control.set({ muted: false });
  assert.equal(sound.producer.isWanted, true);
  sound.channel.setOnAir(false);
  assert.equal(sound.producer.isWanted, false);
});

Deno.test("not on demand, a muted source stays open, so that it can be heard again at once", () => {
  using sound = start();
  sound.control.set({ muted: true });
  assert.equal(sound.producer.isWanted, true);
});

Deno.test("once muted, sound is heard by nobody", async () => {
  using sound = start();
  const ear = new Ear();
  sound.stream.join(ear);
  const running = sound.control.run();
  sound.producer.give(soundPacket(1));
  await Promise.resolve();
  await sound.producer.stop();
  sound.control.set({ muted: true });
  await running;
  assert.deepEqual(ear.heard, []);
});

Deno.test("sound is due later by its delay", async () => {
  using sound = start({ delay: 40 });
  const ear = new Ear();
  sound.stream.join(ear);
  const running = sound.control.run();
  sound.producer.give(soundPacket(1));
  await new Promise((resolve) => setTimeout(resolve));
  sound.control.set({ delay: -300 });
  sound.producer.give(soundPacket(2));
  await sound.producer.stop();
  await running;
  assert.deepEqual(ear.heard, [1020 + 40, 1040 - 300]);
});

Deno.test("sound's state says what those who listen get", async () => {
  using sound = start({ onDemand: true });
  const { control, producer, states } = sound;
  // Closed, because nobody listens.
  assert.equal(control.state, "on");
  producer.change({ state: "waiting", reason: "The microphone is gone: plug it in" });
  assert.equal(control.state, "waiting");
  assert.equal(control.studio.reason, "The microphone is gone: plug it in");
  control.set({ muted: true });
  producer.change({ state: "on", reason: null });
  control.set({ muted: false });
  await control.switchTo("off");
  assert.equal(control.studio.source, "off");
  assert.deepEqual(states, ["waiting", "muted", "on", "off"]);
});

Deno.test("sound is set as it was after a restart", () => {
  const store = openStore(":memory:");
  const settings = { muted: true, gain: 6.5, delay: -80, onDemand: true };
  {
    const first = start({}, store);
    first.control.set(settings);
    assert.equal(first.producer.gain, 6.5);
    assert.ok(first.log.lines.includes("info: The sound is muted"));
  }
  using second = start({}, store);
  const { studio } = second.control;
  assert.deepEqual(
    settings,
    { muted: studio.muted, gain: studio.gain, delay: studio.delay, onDemand: studio.onDemand },
  );
  assert.deepEqual([second.producer.gain, second.stream.isOpen], [6.5, false]);
  assert.ok(second.log.lines.includes("info: The sound is muted, as it was before this start"));
});

Deno.test("another delay on the command line is newer than the studio's", () => {
  const store = openStore(":memory:");
  start({ delay: 20 }, store).control.set({ delay: 90 });
  assert.equal(start({ delay: 20 }, store).control.studio.delay, 90);
  using changed = start({ delay: 30 }, store);
  assert.equal(changed.control.studio.delay, 30);
});

Deno.test("on demand on the command line holds, whatever the studio said before", () => {
  const store = openStore(":memory:");
  start({ onDemand: true }, store).control.set({ onDemand: false });
  using asked = start({ onDemand: true }, store);
  assert.equal(asked.control.studio.onDemand, true);
});

Deno.test("sound is muted even if that cannot be stored", () => {
  const store = openStore(":memory:");
  store.sound.setMuted = () => {
    throw new StoreError("This could not be saved: the disk is full");
  };
  using muted = start({}, store);
  muted.control.set({ muted: true });
  assert.equal(muted.stream.isOpen, false);
  assert.equal(
    muted.log.lines.at(-1),
    "warn: A restart will undo the last change to the sound: " +
      "This could not be saved: the disk is full",
  );
});
