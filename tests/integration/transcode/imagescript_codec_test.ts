import assert from "node:assert/strict";
import { CorruptJpegError, UnsupportedJpegError } from "../../../src/errors.ts";
import { FILTERS, type RenditionFields, SOURCE } from "../../../src/media/rendition.ts";
import { exifSegment, orientationOf } from "../../../src/media/jpeg/exif.ts";
import { STANDARD_TABLES } from "../../../src/media/jpeg/huffman.ts";
import { estimateQuality } from "../../../src/media/jpeg/quality.ts";
import { readSegments } from "../../../src/media/jpeg/segments.ts";
import { ImageScriptCodec } from "../../../src/transcode/imagescript_codec.ts";
import { join } from "../../support/jpegs.ts";
import { decodeRgb, meanColour, psnr, type Rgb, sampleJpeg } from "../../support/jpeg_samples.ts";

const codec = new ImageScriptCodec();

async function make(jpeg: Uint8Array<ArrayBuffer>, change: Partial<RenditionFields> = {}) {
  const rendition = SOURCE.with({ quality: 90, ...change });
  return (await codec.transcode(jpeg, [rendition])).outputs[0];
}

Deno.test("imagescript takes progressive JPEG, which dct refuses", async () => {
  const jpeg = await sampleJpeg({ cjpeg: ["-progressive"], quality: 95 });
  const made = await make(jpeg);
  assert.equal(readSegments(made, STANDARD_TABLES).frame.process, 0xc0);
  assert.ok(psnr((await decodeRgb(made)).data, (await decodeRgb(jpeg)).data) > 33);
});

Deno.test("imagescript takes red, green and blue components, which dct refuses", async () => {
  const jpeg = await sampleJpeg({ sampling: "4:4:4", cjpeg: ["-rgb"], quality: 95 });
  assert.ok(psnr((await decodeRgb(await make(jpeg))).data, (await decodeRgb(jpeg)).data) > 33);
});

Deno.test("imagescript names the kinds of JPEG that it does not take", async () => {
  await assert.rejects(
    codec.transcode(await sampleJpeg({ cjpeg: ["-arithmetic"] }), []),
    new UnsupportedJpegError("Cannot decode JPEG: process SOF 0xC9 with 8 bits a sample"),
  );
  const deep = await sampleJpeg();
  deep[deep.findIndex((byte, i) => byte === 0xff && deep[i + 1] === 0xc0) + 4] = 12;
  await assert.rejects(codec.transcode(deep, []), UnsupportedJpegError);
});

Deno.test("imagescript reports a damaged frame as corrupt", async () => {
  const jpeg = await sampleJpeg();
  await assert.rejects(codec.transcode(new Uint8Array(100), []), CorruptJpegError);
  await assert.rejects(codec.transcode(jpeg.slice(0, 300), []), CorruptJpegError);
  const garbled = jpeg.slice();
  garbled.fill(0xff, 700, 760);
  await assert.rejects(codec.transcode(garbled, []), CorruptJpegError);
  // The next frame is none the worse for it.
  assert.equal((await make(jpeg)).length, (await make(jpeg)).length);
});

Deno.test("imagescript makes nothing larger than a source that shows the same", async () => {
  for (const quality of [30, 75]) {
    const jpeg = await sampleJpeg({ quality });
    for (const wanted of [20, 50, 76, 99, 100]) {
      const made = await make(jpeg, { quality: wanted });
      assert.ok(made.length <= jpeg.length, `${wanted} of ${quality}: ${made.length} bytes`);
    }
  }
});

Deno.test("imagescript gives every size and a luma plane of it", async () => {
  const jpeg = await sampleJpeg({ width: 333, height: 101 });
  const { luma } = await codec.transcode(jpeg, []);
  assert.deepEqual([luma.width, luma.height, luma.data.length], [42, 13, 42 * 13]);
  for (const [scale, size] of [[0.5, [167, 51]], [0.25, [84, 26]], [0.125, [42, 13]]] as const) {
    const small = await decodeRgb(await make(jpeg, { scale }));
    assert.deepEqual([small.width, small.height], size);
  }
  assert.deepEqual(
    (await codec.transcode(jpeg, [SOURCE])).outputs[0],
    jpeg,
  );
});

Deno.test("imagescript takes the source's quality where none is named", async () => {
  for (const quality of [35, 60, 88]) {
    const jpeg = await sampleJpeg({ quality });
    const made = await make(jpeg, { quality: "source", filter: "invert" });
    const table = readSegments(made, STANDARD_TABLES).scans[0].components[0].quantization!;
    assert.ok(Math.abs(estimateQuality(table) - quality) <= 2, `${estimateQuality(table)}`);
  }
});

Deno.test("imagescript keeps the orientation", async () => {
  const jpeg = await sampleJpeg();
  const turned = join(jpeg.subarray(0, 20), exifSegment(6), jpeg.subarray(20));
  for (const [filter, expected] of [["none", 6], ["mirror", 8]] as const) {
    const made = await make(turned, { filter });
    assert.equal(orientationOf(readSegments(made, STANDARD_TABLES).app), expected);
    await decodeRgb(made);
  }
});

Deno.test("each imagescript filter does what its name says", async () => {
  const jpeg = await sampleJpeg({ quality: 95 });
  const plain = await decodeRgb(jpeg);
  const mean = meanColour(plain);
  const shown = Object.fromEntries(
    await Promise.all(
      FILTERS.map(async (filter) =>
        [filter, await decodeRgb(await make(jpeg, { filter }))] as const
      ),
    ),
  );
  const gray = meanColour(shown.grayscale);
  assert.ok(Math.abs(gray.r - gray.b) < 1 && Math.abs(gray.r - gray.g) < 1);
  const sepia = meanColour(shown.sepia);
  assert.ok(sepia.r > sepia.g + 10 && sepia.g > sepia.b + 20);
  assert.ok(Math.abs(meanColour(shown.invert).g - (255 - mean.g)) < 1);
  assert.ok(meanColour(shown.brighten).g > mean.g + 30);
  assert.ok(change(shown.soft) < change(plain) * 0.7);
  assert.ok(change(shown.pixelate) < change(plain) * 0.5);
  assert.ok(change(shown.contrast) > change(plain) * 1.15);
  const { width } = plain;
  const mirrored = plain.data.map((_, i, data) => {
    const x = Math.floor(i / 3) % width;
    return data[i + (width - 1 - 2 * x) * 3];
  });
  assert.ok(psnr(shown.mirror.data, mirrored) > 33);
});

/** How much neighbours in a row differ. */
function change({ data }: Rgb): number {
  return data.reduce((sum, sample, i) => i < 3 ? 0 : sum + Math.abs(sample - data[i - 3]), 0);
}

Deno.test("imagescript highlight brightens what moved", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale", quality: 95 });
  const { luma } = await codec.transcode(jpeg, []);
  const before = { ...luma, data: luma.data.slice() };
  before.data[100] ^= 0x40;
  const wanted = [SOURCE.with({ quality: 95, filter: "highlight" })];
  const [made] = (await codec.transcode(jpeg, wanted, before)).outputs;
  const lit = (await codec.transcode(made, [])).luma;
  lit.data.forEach((level, i) => {
    const expected = luma.data[i] + (i === 100 ? 25 : 0);
    assert.ok(Math.abs(level - expected) <= 2, `block ${i}: ${level} for ${expected}`);
  });
});
