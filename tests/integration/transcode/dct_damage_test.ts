import assert from "node:assert/strict";
import fc from "fast-check";
import { CorruptJpegError, UnsupportedJpegError } from "../../../src/errors.ts";
import {
  FILTERS,
  type Rendition,
  type RenditionFields,
  SOURCE,
} from "../../../src/media/rendition.ts";
import { exifSegment, orientationOf } from "../../../src/media/jpeg/exif.ts";
import { STANDARD_TABLES } from "../../../src/media/jpeg/huffman.ts";
import { memory } from "../../../src/media/jpeg/kernel.wasm";
import { readSegments } from "../../../src/media/jpeg/segments.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { cpuTime } from "../../support/cpu_time.ts";
import { join, segment } from "../../support/jpegs.ts";
import { sampleJpeg } from "../../support/jpeg_samples.ts";

const codec = new DctCodec();

function rendition(change: Partial<RenditionFields> = {}): Rendition {
  return SOURCE.with({ quality: 50, ...change });
}

/** Everything that can be wanted of a frame, in a few renditions. */
const EVERYTHING = [
  rendition(),
  rendition({ scale: 0.5 }),
  ...FILTERS.map((filter) => rendition({ filter, quality: 30 })),
];

/**
 * Transcodes what may be damaged: it must give pictures or one of the two errors. What the kernel
 * writes beyond any part of its memory is a third.
 */
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
  const jpeg = await sampleJpeg({ width: 48, height: 32, cjpeg: ["-restart", "1"] });
  const start = cpuTime();
  const scan = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xda) + 14;
  for (let at = 0; at < scan; at++) {
    for (const change of [0x01, 0x02, 0x08, 0x10, 0x40, 0x80, 0xff]) {
      const damaged = jpeg.slice();
      damaged[at] ^= change;
      survive(damaged);
    }
  }
  assert.ok(cpuTime() - start < 20_000);
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

/** Marker segments between SOI and the data of a frame with one scan, and what follows them. */
function parts(jpeg: Uint8Array): { segments: Uint8Array[]; data: Uint8Array } {
  const segments: Uint8Array[] = [];
  let at = 2;
  while (jpeg[at - (segments.at(-1)?.length ?? 0) + 1] !== 0xda) {
    const length = 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    segments.push(jpeg.subarray(at, at += length));
  }
  return { segments, data: jpeg.subarray(at) };
}

/** Tables whose codes fit into their lengths, but of which there may be more than 256. */
const huffmanTable = fc.record({
  key: fc.constantFrom(0x00, 0x01, 0x10, 0x11),
  shares: fc.array(fc.nat({ max: 255 }), { minLength: 16, maxLength: 16 }),
  symbols: fc.uint8Array({ minLength: 16 * 255, maxLength: 16 * 255 }),
}).map(({ key, shares, symbols }) => {
  let free = 1;
  let total = 0;
  const counts = shares.map((share, i) => {
    free *= 2;
    const count = Math.min(share, i < 8 ? free >> 2 : free);
    free -= count;
    total += count;
    return count;
  });
  return segment(0xc4, [key, ...counts, ...symbols.subarray(0, total)]);
});

/** What is done to a real frame's segments. */
const mutation = fc.oneof(
  { weight: 3, arbitrary: huffmanTable.map((table) => ({ kind: "add", table }) as const) },
  fc.record({ kind: fc.constant("repeat" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("drop" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("swap" as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant("set" as const),
    which: fc.nat(),
    at: fc.nat(),
    value: fc.nat({ max: 255 }),
  }),
);

Deno.test("codec survives real frames with their segments changed", async () => {
  const samples = await Promise.all(
    [
      sampleJpeg({ width: 64, height: 48 }),
      sampleJpeg({ width: 48, height: 32, sampling: "4:4:4", cjpeg: ["-restart", "2B"] }),
      sampleJpeg({ width: 40, height: 40, sampling: "grayscale", cjpeg: ["-optimize"] }),
    ],
  );
  const outcomes = { made: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (jpeg, mutations) => {
        const { segments, data } = parts(jpeg);
        for (const mutation of mutations) {
          // The scan header stays the last.
          const last = segments.length - 1;
          if (mutation.kind === "add") {
            segments.splice(last, 0, mutation.table);
            continue;
          }
          const which = mutation.which % Math.max(1, last);
          const chosen = segments[which];
          if (mutation.kind === "repeat") segments.splice(which, 0, chosen);
          else if (mutation.kind === "drop" && last > 0) segments.splice(which, 1);
          else if (mutation.kind === "swap" && last > 0) {
            segments.splice(last - 1, 0, ...segments.splice(which, 1));
          } else if (mutation.kind === "set") {
            segments[which] = chosen.slice();
            segments[which][mutation.at % chosen.length] = mutation.value;
          }
        }
        outcomes[survive(join(Uint8Array.of(0xff, 0xd8), ...segments, data))]++;
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(outcomes.made > 20 && outcomes.refused > 20, JSON.stringify(outcomes));
});

Deno.test("codec leaves a colour profile of megabytes out, and turns the picture all the same", async () => {
  const jpeg = await sampleJpeg({ width: 64, height: 48 });
  const profile = new Uint8Array(60_000);
  profile.set(new TextEncoder().encode("ICC_PROFILE\0"));
  const parts = Array.from({ length: 400 }, () => segment(0xe2, profile));
  const turned = exifSegment(6);
  const frame = join(jpeg.subarray(0, 2), ...parts, turned, jpeg.subarray(2));
  codec.transcode(frame, EVERYTHING);
  const { heapUsed, external } = Deno.memoryUsage();
  const { outputs } = codec.transcode(frame, EVERYTHING);
  const after = Deno.memoryUsage();
  const grown = (after.heapUsed - heapUsed + after.external - external) / 2 ** 20;
  assert.ok(grown < 10, `${grown} MiB`);
  for (const output of outputs) {
    const { app } = readSegments(output, STANDARD_TABLES);
    assert.ok(output.length < 20_000, `${output.length} bytes`);
    assert.ok(orientationOf(app) !== 1);
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
