import assert from "node:assert/strict";
import fc from "fast-check";
import { SoundBatcher } from "../../../src/consumers/sound/sound_batcher.ts";
import { soundPacket } from "../../support/fake_sound.ts";

Deno.test("sound batcher joins as many packets as it is asked to", () => {
  let size = 1;
  const batcher = new SoundBatcher(() => size);
  const [single] = batcher.add(soundPacket(1));
  assert.deepEqual([single.packets, single.lastSequence, single.duration], [1, 1, 20]);
  size = 2;
  assert.deepEqual(batcher.add(soundPacket(2)), []);
  const [pair] = batcher.add(soundPacket(3));
  assert.deepEqual([pair.packets, pair.lastSequence, pair.lastAt], [2, 3, 1060]);
  assert.deepEqual([pair.message[0], pair.message[1]], [1, 2]);
  assert.deepEqual(batcher.add(soundPacket(4)), []);
  size = 1;
  assert.deepEqual(batcher.add(soundPacket(5)).map(({ packets }) => packets), [2]);
});

for (
  const [what, changes] of [
    ["a missing packet", { sequence: 3 }],
    ["a jump in time", { at: 1070 }],
    ["another duration", { duration: 10 }],
  ] as const
) {
  Deno.test(`sound batcher ends a message before ${what}`, () => {
    const batcher = new SoundBatcher(() => 2);
    batcher.add(soundPacket(1));
    const [batch, ...others] = batcher.add(soundPacket(2, changes));
    assert.deepEqual([batch.packets, batch.lastSequence, others], [1, 1, []]);
  });
}

Deno.test("sound batcher forgets what waits", () => {
  const batcher = new SoundBatcher(() => 2);
  batcher.add(soundPacket(1));
  batcher.clear();
  assert.deepEqual(batcher.add(soundPacket(2)), []);
});

Deno.test("sound batcher loses no packet and keeps their order, whatever the sizes and gaps", () => {
  const packet = fc.record({ size: fc.integer({ min: 1, max: 4 }), gap: fc.nat({ max: 2 }) });
  fc.assert(fc.property(fc.array(packet), (packets) => {
    let size = 1;
    const batcher = new SoundBatcher(() => size);
    let sequence = 0;
    const given: number[] = [];
    const received = packets.flatMap((packet) => {
      size = packet.size;
      sequence += 1 + packet.gap;
      given.push(sequence);
      return batcher.add(soundPacket(sequence));
    }).flatMap(({ packets, lastSequence }) =>
      Array.from({ length: packets }, (_, i) => lastSequence - packets + 1 + i)
    );
    assert.deepEqual(received, given.slice(0, received.length));
    assert.ok(given.length - received.length < 4);
  }));
});
