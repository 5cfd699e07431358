import assert from "node:assert/strict";
import fc from "fast-check";
import { CorruptJpegError, UnsupportedJpegError } from "../../src/errors.ts";
import { FILTERS, type Rendition } from "../../src/frame.ts";
import { STANDARD_TABLES } from "../../src/jpeg/huffman.ts";
import { memory } from "../../src/jpeg/kernel.wasm";
import { readSegments } from "../../src/jpeg/segments.ts";
import { DctCodec } from "../../src/transcode/dct_codec.ts";
import { join } from "../support/jpegs.ts";
import { sampleJpeg } from "../support/jpeg_samples.ts";

const codec = new DctCodec();

function rendition(change: Partial<Rendition> = {}): Rendition {
  return { quality: 50, scale: 1, filter: "none", ...change };
}

/** Everything that can be wanted of a frame, in a few renditions. */
const EVERYTHING = [
  rendition(),
  rendition({ scale: 0.5 }),
  ...FILTERS.map((filter) => rendition({ filter, quality: 30 })),
];

/** Transcodes what may be damaged: it must give pictures or one of the two errors. */
function survive(jpeg: Uint8Array<ArrayBuffer>): "made" | "refused" {
  try {
    const { luma, outputs } = codec.transcode(jpeg, EVERYTHING);
    assert.equal(luma.data.length, luma.width * luma.height);
    assert.equal(outputs.length, EVERYTHING.length);
    for (const output of outputs) readSegments(output, STANDARD_TABLES);
    return "made";
  } catch (error) {
    if (error instanceof CorruptJpegError || error instanceof UnsupportedJpegError) {
      return "refused";
    }
    throw error;
  }
}

Deno.test("codec survives random bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
    survive(Uint8Array.from(bytes));
    survive(Uint8Array.from([0xff, 0xd8, ...bytes]));
  }));
});

Deno.test("codec survives random data behind a sound header", async () => {
  const jpeg = await sampleJpeg({ width: 64, height: 48, cjpeg: ["-restart", "3B"] });
  const header = jpeg.subarray(0, jpeg.findLastIndex((_, i) => jpeg[i + 1] === 0xda) + 14);
  const data = fc.uint8Array({ minLength: 20, maxLength: 2000 });
  fc.assert(fc.property(data, (bytes) => void survive(join(header, bytes))), { numRuns: 300 });
});

Deno.test("codec survives every truncation of a frame", async () => {
  const jpeg = await sampleJpeg({ width: 64, height: 48 });
  let made = 0;
  for (let length = 0; length < jpeg.length; length++) {
    if (survive(jpeg.slice(0, length)) === "made") made++;
  }
  assert.ok(made > jpeg.length / 3, `${made} of ${jpeg.length}`);
});

Deno.test("codec survives every change of a byte of a frame's header", async () => {
  const start = performance.now();
  const jpeg = await sampleJpeg({ width: 48, height: 32, cjpeg: ["-restart", "1"] });
  const scan = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xda) + 14;
  for (let at = 0; at < scan; at++) {
    for (const change of [0x01, 0x02, 0x08, 0x10, 0x40, 0x80, 0xff]) {
      const damaged = jpeg.slice();
      damaged[at] ^= change;
      survive(damaged);
    }
  }
  assert.ok(performance.now() - start < 20_000);
});

Deno.test("codec survives every change of a byte of a frame's data", async () => {
  const jpeg = await sampleJpeg({ width: 48, height: 32 });
  const scan = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xda) + 14;
  for (let at = scan; at < jpeg.length; at++) {
    for (const value of [0x00, 0xff, jpeg[at] ^ 0x10]) {
      const damaged = jpeg.slice();
      damaged[at] = value;
      survive(damaged);
    }
  }
});

Deno.test("codec gives the same for a frame however often and after whatever else", async () => {
  const jpeg = await sampleJpeg();
  const first = codec.transcode(jpeg, EVERYTHING);
  survive(jpeg.slice(0, 3000));
  codec.transcode(await sampleJpeg({ width: 640, height: 480, sampling: "4:4:4" }), EVERYTHING);
  assert.deepEqual(codec.transcode(jpeg, EVERYTHING), first);
  assert.deepEqual(new DctCodec().transcode(jpeg, EVERYTHING), first);
});

Deno.test("codec's memory does not grow with the number of frames", async () => {
  const jpeg = await sampleJpeg({ width: 640, height: 480 });
  codec.transcode(jpeg, EVERYTHING);
  const size = memory.buffer.byteLength;
  for (let i = 0; i < 30; i++) {
    codec.transcode(jpeg, EVERYTHING);
    survive(jpeg.slice(0, i * 1000));
  }
  assert.equal(memory.buffer.byteLength, size);
});
