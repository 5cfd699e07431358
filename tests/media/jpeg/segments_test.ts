import assert from "node:assert/strict";
import fc from "fast-check";
import { CorruptJpegError } from "../../../src/errors.ts";
import { STANDARD_TABLES } from "../../../src/media/jpeg/huffman.ts";
import { readSegments } from "../../../src/media/jpeg/segments.ts";
import { join, segment, tinyJpeg } from "../../support/jpegs.ts";

const read = (jpeg: Uint8Array) => readSegments(jpeg, STANDARD_TABLES);

Deno.test("readSegments needs neither tables nor EOI", () => {
  const jpeg = tinyJpeg({ tables: false });
  const { scans } = read(jpeg.subarray(0, jpeg.length - 2));
  assert.deepEqual(scans[0].components[0].dc, STANDARD_TABLES.get(0));
  assert.equal(scans[0].end, jpeg.length - 2);
});

const BROKEN: Readonly<Record<string, Uint8Array[]>> = {
  "a table of five bytes": [segment(0xdb, [0, 1, 2, 3, 4])],
  "a quantisation step of zero": [segment(0xdb, new Uint8Array(65))],
  "more codes than their lengths allow": [segment(0xc4, [0, 3, ...new Uint8Array(15), 1, 2, 3])],
  "a Huffman table of more codes than a byte has values": [
    segment(0xc4, [0, ...new Uint8Array(14), 255, 2, ...new Uint8Array(257)]),
  ],
  "a Huffman table without its symbols": [segment(0xc4, [0, 0, 0, 0, 9, ...new Uint8Array(12)])],
  "a restart interval of one byte": [segment(0xdd, [1])],
  "two frame headers": [segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])],
  "no height": [segment(0xc0, [8, 0, 0, 0, 8, 1, 1, 0x11, 0])],
  "a sampling factor of five": [segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x51, 0])],
  "a scan before the frame header": [segment(0xda, [1, 1, 0, 0, 63, 0])],
};

for (const [what, before] of Object.entries(BROKEN)) {
  Deno.test(`readSegments refuses ${what}`, () => {
    assert.throws(() => read(tinyJpeg({ before })), CorruptJpegError);
  });
}

Deno.test("readSegments takes a Huffman table of 256 codes", () => {
  const counts = [...new Uint8Array(14), 255, 1];
  const symbols = Uint8Array.from({ length: 256 }, (_, i) => i);
  const { scans } = read(tinyJpeg({ before: [segment(0xc4, [0x10, ...counts, ...symbols])] }));
  assert.deepEqual(scans[0].components[0].ac?.symbols, symbols);
});

Deno.test("readSegments refuses more pixels than 8K has, and takes as many", () => {
  const read8k = (width: number, height: number) => read(tinyJpeg({ width, height })).frame;
  assert.equal(read8k(7680, 4320).height, 4320);
  for (const [width, height] of [[7681, 4320], [4320, 7681], [65535, 65535]]) {
    assert.throws(() => read8k(width, height), /impossible size/);
  }
});

Deno.test("readSegments refuses more scans than any encoder makes", () => {
  const scans = (count: number) => Array.from({ length: count }, () => Uint8Array.of(0x12));
  assert.equal(read(tinyJpeg({ scans: scans(100) })).scans.length, 100);
  assert.throws(() => read(tinyJpeg({ scans: scans(101) })), /too many scans/);
});

Deno.test("readSegments refuses anything other than a JPEG", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assert.throws(() => read(bytes), CorruptJpegError);
    try {
      read(join(Uint8Array.of(0xff, 0xd8), bytes));
    } catch (error) {
      assert.ok(error instanceof CorruptJpegError);
    }
  }));
});
