import assert from "node:assert/strict";
import fc from "fast-check";
import { AacLine } from "../../../src/consumers/sound/aac_line.ts";
import { AAC_DURATION, type AacPacket } from "../../../src/streams/aac.ts";

const SOUND = Uint8Array.of(1, 2, 3);

function setUp(at = 1_000) {
  const packets: AacPacket[] = [];
  const line = new AacLine((packet) => packets.push(packet));
  line.begin(at);
  return {
    line,
    packets,
    kinds: () => packets.map(({ data }) => data === SOUND ? "x" : ".").join(""),
  };
}

Deno.test("AAC has neither hole nor overlap, and sound at most a packet off, whatever comes", () => {
  const step = fc.oneof(
    fc.record({ encoded: fc.double({ min: -300, max: 600, noNaN: true }) }),
    fc.record({ silence: fc.double({ min: 0, max: 600, noNaN: true }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const { line, packets } = setUp();
    for (const step of steps) {
      const before = packets.length;
      if ("silence" in step) line.fillUntil(line.next + step.silence);
      else {
        const at = line.next + step.encoded;
        line.put(SOUND, at);
        const given = packets.slice(before).filter(({ data }) => data === SOUND);
        assert(given.length <= 1);
        for (const packet of given) assert(Math.abs(packet.at - at) <= AAC_DURATION + 1e-6);
        if (step.encoded > 0) assert.equal(given.length, 1);
      }
    }
    for (const [i, { at, duration }] of packets.entries()) {
      assert.equal(duration, AAC_DURATION);
      assert(Math.abs(at - 1_000 - i * AAC_DURATION) < 1e-6);
    }
  }));
});

Deno.test("AAC gives silence that has ended, not what has only begun", () => {
  const { line, packets } = setUp();
  line.fillUntil(1_000 + 3.9 * AAC_DURATION);
  assert.equal(packets.length, 3);
});

Deno.test("AAC begins sound where it is nearest to its time, behind silence", () => {
  const { line, packets, kinds } = setUp();
  line.put(SOUND, 1_000 + 4.4 * AAC_DURATION);
  assert.equal(kinds(), "....x");
  line.begin(1_000);
  packets.length = 0;
  line.put(SOUND, 1_000 + 4.6 * AAC_DURATION);
  assert.equal(kinds(), ".....x");
});

Deno.test("AAC absorbs a clock that drifts: inserts silence for a slow one, drops sound of a fast one", () => {
  for (const rate of [1.01, 0.99]) {
    const { line, packets, kinds } = setUp();
    for (let i = 0; i < 1_000; i++) {
      const at = 1_000 + i * AAC_DURATION * rate;
      const before = packets.length;
      line.put(SOUND, at);
      const newest = packets.at(-1)!;
      if (packets.length > before) assert(Math.abs(newest.at - at) <= AAC_DURATION + 1e-6);
    }
    const silent = kinds().replaceAll("x", "").length;
    assert(Math.abs(packets.length - 1_000 * rate) <= 1, `${packets.length} packets`);
    assert(Math.abs(silent - (rate > 1 ? 10 : 0)) <= 1, `${silent} of silence`);
  }
});

Deno.test("AAC drops what was encoded for a time far ahead", () => {
  const { line, packets } = setUp();
  line.put(SOUND, 3_600_000);
  assert.equal(packets.length, 0);
});
