import assert from "node:assert/strict";
import { ProgramSound } from "../../../src/consumers/sound/program_sound.ts";
import { silence } from "../../../src/media/opus.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { SoundEmitter } from "../../support/sound_emitter.ts";

const PACKET = Uint8Array.of(0xf8, 1, 2, 3);

function setUp() {
  const time = new FakeTime();
  const emitter = new SoundEmitter();
  const channel = { onAir: true };
  const sound = new ProgramSound({
    stream: emitter.stream,
    isOnAir: () => channel.onAir,
    clock: { monotonic: () => time.now, wall: () => time.now },
  });
  const heard: Uint8Array[] = [];
  const consumer = {
    deliver: (opus: Uint8Array) => void heard.push(opus),
    clear: () => void (heard.length = 0),
  };
  const play = (milliseconds: number) => {
    for (let at = 0; at < milliseconds; at += 20) {
      emitter.publish(PACKET);
      time.tick(20);
    }
  };
  return { time, emitter, channel, sound, heard, consumer, play };
}

const isSilence = (opus: Uint8Array) => String(opus) === String(silence(2));

Deno.test("programs get the stream's packets", () => {
  const { time, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  play(1_000);
  assert.deepEqual(heard, Array(50).fill(PACKET));
  sound.leave(consumer);
});

Deno.test("programs forget what they hold once the stream closes", () => {
  const { time, emitter, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  play(100);
  emitter.events.emit("close", null);
  assert.deepEqual(heard, []);
  play(100);
  sound.leave(consumer);
  emitter.events.emit("close", null);
  assert.equal(heard.length, 5);
});

Deno.test("programs get silence while the sound is muted, as long as the mute lasts", () => {
  const { time, emitter, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  play(1_000);
  emitter.current = "muted";
  play(10_000);
  emitter.current = "on";
  play(1_000);
  const silent = heard.filter(isSilence).length;
  assert(Math.abs(silent - 500) <= 1, `${silent} packets of silence`);
  assert.equal(heard.length - silent, 100);
  sound.leave(consumer);
});

Deno.test("programs get no silence in place of packets that are a little late", () => {
  const { time, emitter, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  play(200);
  time.tick(150);
  for (let count = 0; count < 8; count++) emitter.publish(PACKET);
  play(200);
  assert.equal(heard.filter(isSilence).length, 0);
  sound.leave(consumer);
});

Deno.test("programs get no silence in place of late packets after a mute either", () => {
  const { time, emitter, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  emitter.current = "muted";
  play(1_000);
  emitter.current = "on";
  play(100);
  const before = heard.length;
  time.tick(150);
  assert.equal(heard.length, before);
  sound.leave(consumer);
});

Deno.test("programs get nothing off air, and no silence for that time afterwards", () => {
  const { time, channel, sound, heard, consumer, play } = setUp();
  using _ = time;
  sound.join(consumer);
  time.tick(1_000);
  const silent = heard.length;
  assert.equal(silent, 50);
  channel.onAir = false;
  time.tick(60_000);
  channel.onAir = true;
  time.tick(100);
  assert.equal(heard.length, silent);
  play(100);
  assert.equal(heard.length, silent + 5);
  sound.leave(consumer);
});

Deno.test("programs get at most half a second of silence at once after the machine slept", () => {
  let now = 0;
  const { time, emitter, heard, consumer } = setUp();
  using _ = time;
  const sound = new ProgramSound({
    stream: emitter.stream,
    isOnAir: () => true,
    clock: { monotonic: () => now, wall: () => now },
  });
  sound.join(consumer);
  now = 3_600_000;
  time.tick(20);
  assert.equal(heard.length, 25);
  sound.leave(consumer);
});

Deno.test("each program counts as a listener, and none leaves nothing running", () => {
  const { time, emitter, sound, consumer, heard } = setUp();
  using _ = time;
  sound.join(consumer);
  sound.join(consumer);
  assert.equal(emitter.listeners, 2);
  emitter.publish(PACKET);
  assert.equal(heard.length, 1);
  sound.leave(consumer);
  assert.equal(emitter.listeners, 1);
  sound.leave(consumer);
  sound.leave(consumer);
  assert.equal(emitter.listeners, 0);
  assert.equal(time.timers, 0);
});

Deno.test("programs get the time of each packet, and silence that follows it in step", () => {
  const { time, emitter, sound } = setUp();
  using _ = time;
  const times: number[] = [];
  const consumer = { deliver: (_: Uint8Array, at: number) => void times.push(at), clear() {} };
  sound.join(consumer);
  // What comes 100 ms after it was captured.
  const give = (sequence: number) =>
    emitter.publishPacket({ sequence, at: time.now - 100, data: PACKET });
  for (let sequence = 1; sequence <= 10; sequence++) {
    give(sequence);
    time.tick(20);
  }
  time.tick(1_000);
  give(11);
  sound.leave(consumer);
  const steps = times.slice(1).map((at, i) => at - times[i]);
  assert.equal(times[0], -100);
  assert(times.length > 50, `${times.length}`);
  assert(steps.every((step) => Math.abs(step - 20) <= 20), steps.join(" "));
});
