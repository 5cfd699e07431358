import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeAnnexB } from "../../../src/media/h264/annex_b.ts";

/** NAL units as encoders write them: without start codes inside. */
const unit = fc.tuple(
  fc.constantFrom(1, 5, 6, 7, 8, 9),
  fc.array(fc.integer({ min: 4, max: 255 }), { minLength: 1, maxLength: 50 }),
).map(([type, rest]) => Uint8Array.of(0x60 | type, ...rest));

function avccOf(units: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(units.flatMap((unit) => [0, 0, 0, unit.length, ...unit]));
}

function unitsOf(annexB: Uint8Array): number[][] {
  const hex = annexB.toHex();
  assert(hex.startsWith("00000001"));
  return hex.split("00000001").slice(1).map((text) => [...Uint8Array.fromHex(text)]);
}

const typeOf = (unit: Uint8Array) => unit[0] & 31;

Deno.test("Annex B begins with a delimiter, and keeps all other units", () => {
  fc.assert(fc.property(fc.array(unit), (units) => {
    const expected = units.filter((unit) => typeOf(unit) !== 9);
    const [first, ...rest] = unitsOf(encodeAnnexB(avccOf(units), null));
    assert.deepEqual(first, [9, 0xf0]);
    assert.deepEqual(rest, expected.map((unit) => [...unit]));
  }));
});

Deno.test("Annex B of a key has the given parameter sets instead of others", () => {
  const sets = { sps: [Uint8Array.of(0x67, 10)], pps: [Uint8Array.of(0x68, 11)] };
  fc.assert(fc.property(fc.array(unit), (units) => {
    const expected = units.filter((unit) => ![7, 8, 9].includes(typeOf(unit)));
    const [, ...rest] = unitsOf(encodeAnnexB(avccOf(units), sets));
    const all = [...sets.sps, ...sets.pps, ...expected];
    assert.deepEqual(rest, all.map((unit) => [...unit]));
  }));
});

Deno.test("Annex B of damaged data is what can be read of it", () => {
  fc.assert(fc.property(fc.uint8Array(), (data) => {
    assert(encodeAnnexB(data, null).length >= 6);
  }));
});
