import assert from "node:assert/strict";
import fc from "fast-check";
import { parameterSetsOf } from "../../../src/media/h264/parameter_sets.ts";

const units = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 });

function recordOf(sps: readonly Uint8Array[], pps: readonly Uint8Array[]): Uint8Array {
  const list = (sets: readonly Uint8Array[]) =>
    sets.flatMap((set) => [set.length >> 8, set.length & 255, ...set]);
  const head = [1, 0x42, 0xc0, 0x1f, 0xff, 0xe0 | sps.length];
  return Uint8Array.of(...head, ...list(sps), pps.length, ...list(pps));
}

Deno.test("parameter sets are those of the record, whatever follows them", () => {
  fc.assert(fc.property(units, units, fc.uint8Array(), (sps, pps, rest) => {
    const record = Uint8Array.of(...recordOf(sps, pps), ...rest);
    const found = parameterSetsOf(record);
    assert.deepEqual(found.sps.map((set) => [...set]), sps.map((set) => [...set]));
    assert.deepEqual(found.pps.map((set) => [...set]), pps.map((set) => [...set]));
  }));
});

Deno.test("parameter sets of anything else are a RangeError", () => {
  fc.assert(fc.property(fc.uint8Array(), (record) => {
    try {
      parameterSetsOf(record);
    } catch (error) {
      assert(error instanceof RangeError);
    }
  }));
  fc.assert(fc.property(units, units, fc.nat(), (sps, pps, cut) => {
    const record = recordOf(sps, pps);
    assert.throws(() => parameterSetsOf(record.subarray(0, cut % record.length)), RangeError);
  }));
});
