import assert from "node:assert/strict";
import fc from "fast-check";
import { Packetizer } from "../../../src/media/mpeg_ts/packetizer.ts";
import { concatenate } from "../../fuzz/bytes.ts";
import { packetsOf } from "./ts_packets.ts";

const unit = fc.record({
  data: fc.uint8Array({ minLength: 1, maxLength: 1_000 }),
  clock: fc.option(fc.nat({ max: 2 ** 31 - 1 }).map((half) => half * 7), { nil: undefined }),
  isKey: fc.boolean(),
});

Deno.test("packetizer's packets give each unit back, and count on", () => {
  fc.assert(fc.property(fc.array(unit, { maxLength: 10 }), (units) => {
    const packetizer = new Packetizer(0x123);
    let counter = 0;
    for (const { data, clock, isKey } of units) {
      const packets = packetsOf(packetizer.packets(data, { clock, isKey }));
      const payload = concatenate(...packets.map(({ payload }) => payload));
      assert.deepEqual([...payload], [...data]);
      packets.forEach((packet, i) => {
        assert.equal(packet.pid, 0x123);
        assert.equal(packet.isStart, i === 0);
        assert.equal(packet.isKey, i === 0 && isKey);
        assert.equal(packet.clock, i === 0 && clock !== undefined ? clock % 2 ** 33 : null);
        assert.equal(packet.counter, counter++ & 15);
      });
    }
  }));
});

Deno.test("packetizer fills up units of every length", () => {
  for (let length = 1; length < 400; length++) {
    for (const clock of [undefined, 90_000]) {
      const packets = packetsOf(new Packetizer(1).packets(new Uint8Array(length), { clock }));
      assert.equal(packets.reduce((sum, { payload }) => sum + payload.length, 0), length);
    }
  }
});

Deno.test("packetizer's clock alone has no payload and is not counted", () => {
  const packetizer = new Packetizer(1);
  const [before] = packetsOf(packetizer.packets(new Uint8Array(1)));
  const [alone] = packetsOf(packetizer.clock(2 ** 33 + 5));
  const [after] = packetsOf(packetizer.packets(new Uint8Array(1)));
  assert.equal(alone.clock, 5);
  assert.equal(alone.payload.length, 0);
  assert.deepEqual([before, alone, after].map(({ counter }) => counter), [0, 0, 1]);
});
