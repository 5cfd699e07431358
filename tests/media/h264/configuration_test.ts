import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfiguration } from "../../../src/media/h264/configuration.ts";

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16));
}

/** What libx264 writes, by size and profile. */
const RECORDS = [
  [
    "0142c01fffe100196742c01fd9005005bb011000000300100000030320f183248001000568cb83cb20",
    "avc1.42c01f",
    1280,
    720,
  ],
  [
    "01640028ffe1001b67640028acd940780227e5c044000003000400000300c83c60c65801000668ebe3cb22c0fdf8f800",
    "avc1.640028",
    1920,
    1080,
  ],
  [
    "0142c01effe100196742c01ed900a02ff97011000003000100000300320f162e4801000568cb83cb20",
    "avc1.42c01e",
    640,
    360,
  ],
  [
    "0164000affe1001a6764000aacd947278888c044000003000400000300c83c48965801000668ebe3cb22c0fdf8f800",
    "avc1.64000a",
    98,
    50,
  ],
] as const;

for (const [hex, codec, width, height] of RECORDS) {
  Deno.test(`H.264 configuration ${codec} gives ${width}x${height}`, () => {
    const record = bytesOf(hex);
    assert.deepEqual(readConfiguration(record), { record, codec, width, height });
  });
}

Deno.test("H.264 configuration that ends early is refused", () => {
  for (const [hex] of RECORDS) {
    const record = bytesOf(hex);
    const end = 8 + record[7];
    for (let length = 0; length < end; length++) {
      assert.throws(() => readConfiguration(record.slice(0, length)), RangeError, `${length}`);
    }
  }
});

Deno.test("H.264 configuration with two bytes of length is refused", () => {
  const record = bytesOf(RECORDS[0][0]);
  record[4] = 0xfd;
  assert.throws(() => readConfiguration(record), /lengths of other than 4 bytes: 2/);
});

Deno.test("H.264 configuration of any bytes gives a size or a RangeError", () => {
  const damaged = fc.tuple(
    fc.constantFrom(...RECORDS.map(([hex]) => bytesOf(hex))),
    fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }),
  ).map(([record, changes]) => {
    const changed = record.slice();
    for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte;
    return changed;
  });
  const any = fc.uint8Array({ maxLength: 80 }).map((bytes) => new Uint8Array(bytes));
  fc.assert(
    fc.property(fc.oneof(damaged, any), (record) => {
      try {
        const { width, height, codec } = readConfiguration(record);
        assert(width > 0 && height > 0);
        assert.match(codec, /^avc1\.[0-9a-f]{6}$/);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
