import assert from "node:assert/strict";
import fc from "fast-check";
import { insertHuffmanTables, STANDARD_DHT_SEGMENT } from "../../../src/media/jpeg/dht.ts";
import { segment, tinyJpeg } from "../../support/jpegs.ts";

Deno.test("the standard DHT segment holds tables whose code counts match their values", () => {
  const length = STANDARD_DHT_SEGMENT[2] << 8 | STANDARD_DHT_SEGMENT[3];
  assert.equal(STANDARD_DHT_SEGMENT.length, 2 + length);
  const tables: number[] = [];
  let at = 4;
  while (at < STANDARD_DHT_SEGMENT.length) {
    tables.push(STANDARD_DHT_SEGMENT[at]);
    const counts = STANDARD_DHT_SEGMENT.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const values = STANDARD_DHT_SEGMENT.subarray(at + 17, at + 17 + total);
    assert.equal(new Set(values).size, total, "no value twice");
    at += 17 + total;
  }
  assert.equal(at, STANDARD_DHT_SEGMENT.length);
  assert.deepEqual(tables, [0x00, 0x10, 0x01, 0x11]);
});

Deno.test("insertHuffmanTables leaves a picture with tables as it is", () => {
  const jpeg = tinyJpeg({ tables: true });
  assert.equal(insertHuffmanTables(jpeg), jpeg);
});

Deno.test("insertHuffmanTables puts the tables just before the first scan", () => {
  const bare = tinyJpeg({ tables: false });
  const scan = bare.findIndex((byte, at) => byte === 0xff && bare[at + 1] === 0xda);
  const whole = insertHuffmanTables(bare);
  const end = scan + STANDARD_DHT_SEGMENT.length;
  assert.deepEqual(whole.subarray(0, scan), bare.subarray(0, scan));
  assert.deepEqual(whole.subarray(scan, end), STANDARD_DHT_SEGMENT);
  assert.deepEqual(whole.subarray(end), bare.subarray(scan));
});

Deno.test("insertHuffmanTables is not fooled by a DHT or SOS inside an APP segment", () => {
  const thumbnail = segment(0xe1, [0xff, 0xc4, 0, 4, 1, 2, 0xff, 0xda, 0, 2]);
  const bare = tinyJpeg({ tables: false, before: [thumbnail] });
  assert.equal(insertHuffmanTables(bare).length, bare.length + STANDARD_DHT_SEGMENT.length);
  const whole = tinyJpeg({ tables: true, before: [thumbnail] });
  assert.equal(insertHuffmanTables(whole), whole);
});

Deno.test("insertHuffmanTables gives any other bytes back unchanged", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    const noPicture = Uint8Array.from([0x00, ...bytes]);
    assert.equal(insertHuffmanTables(noPicture), noPicture);
    const cut = tinyJpeg({ tables: false }).slice(0, 2 + bytes.length % 6);
    assert.equal(insertHuffmanTables(cut), cut);
  }));
});
