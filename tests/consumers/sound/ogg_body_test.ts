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
