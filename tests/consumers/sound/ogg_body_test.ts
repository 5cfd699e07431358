import assert from "node:assert/strict";
import { openOggBody } from "../../../src/consumers/sound/ogg_body.ts";
import {
  type EncodedSoundConsumer,
  ProgramSound,
} from "../../../src/consumers/sound/program_sound.ts";
import { OggReader } from "../../../src/media/ogg/reader.ts";
import { SoundStream } from "../../../src/streams/sound_stream.ts";
import { soundPacket } from "../../support/fake_sound.ts";

Deno.test("ogg body is a stream without gaps, also for a slow program", async () => {
  const consumers = new Set<EncodedSoundConsumer>();
  const sound = {
    join: (consumer: EncodedSoundConsumer) => void consumers.add(consumer),
    leave: (consumer: EncodedSoundConsumer) => void consumers.delete(consumer),
  };
  const body = openOggBody(sound, () => {});
  const publish = (number: number) =>
    consumers.forEach((consumer) => consumer.deliver(Uint8Array.of(0xf8, number), 20 * number));
  for (let number = 0; number < 40; number++) publish(number);
  const ogg = new OggReader();
  const numbers: number[] = [];
  const reader = body.stream.getReader();
  let end = 0;
  while (numbers.length < 25) {
    for (const { data, granule, samples } of ogg.push((await reader.read()).value!)) {
      assert.equal(granule, end + samples);
      end = granule;
      numbers.push(data[1]);
    }
  }
  assert.deepEqual(numbers, Array.from({ length: 25 }, (_, index) => 15 + index));
  assert.equal(ogg.damaged, 0);
  await reader.cancel();
  assert.equal(consumers.size, 0);
});

Deno.test("ogg body sends nothing from before the sound was closed", async () => {
  const stream = new SoundStream();
  stream.isOpen = true;
  const body = openOggBody(new ProgramSound({ stream, isOnAir: () => true }), () => {});
  const reader = body.stream.getReader();
  const ogg = new OggReader();
  ogg.push((await reader.read()).value!);
  stream.publish(soundPacket(1, { data: Uint8Array.of(0xf8, 1) }));
  stream.isOpen = false;
  stream.isOpen = true;
  stream.publish(soundPacket(2, { data: Uint8Array.of(0xf8, 2) }));
  const [packet] = ogg.push((await reader.read()).value!);
  assert.deepEqual(packet.data, Uint8Array.of(0xf8, 2));
  await reader.cancel();
});

Deno.test("positions of a timed ogg body count from 1970 on", async () => {
  const stream = new SoundStream();
  stream.isOpen = true;
  const body = openOggBody(new ProgramSound({ stream, isOnAir: () => true }), () => {}, true);
  const reader = body.stream.getReader();
  const ogg = new OggReader();
  ogg.push((await reader.read()).value!);
  const at = 1_795_750_000_123;
  stream.publish(soundPacket(1, { at, data: Uint8Array.of(0xf8, 1) }));
  const [packet] = ogg.push((await reader.read()).value!);
  assert.equal(packet.granule - packet.samples - packet.head.preSkip, at * 48);
  await reader.cancel();
});

Deno.test("positions of a timed ogg body rise even where times fall, and are right again soon", async () => {
  const stream = new SoundStream();
  stream.isOpen = true;
  const body = openOggBody(new ProgramSound({ stream, isOnAir: () => true }), () => {}, true);
  const reader = body.stream.getReader();
  const ogg = new OggReader(true);
  ogg.push((await reader.read()).value!);
  const begin = 1_795_750_000_000;
  const times = [0, 20, 40, 500, 520, ...Array.from({ length: 60 }, (_, i) => 60 + 20 * i)];
  const errors: number[] = [];
  let last = 0;
  for (const [i, time] of times.entries()) {
    stream.publish(soundPacket(i + 1, { at: begin + time, data: Uint8Array.of(0xf8, i) }));
    const [{ granule, samples, head }] = ogg.push((await reader.read()).value!);
    assert.ok(granule > last);
    last = granule;
    errors.push((granule - samples - head.preSkip) / 48 - begin - time);
  }
  assert.deepEqual(errors.slice(0, 5), [0, 0, 0, 0, 0]);
  assert.deepEqual(errors.slice(-20), Array(20).fill(0));
  await reader.cancel();
});
