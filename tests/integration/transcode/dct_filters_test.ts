import assert from "node:assert/strict";
import type { LumaPlane } from "../../../src/media/luma_plane.ts";
import {
  type Filter,
  FILTERS,
  type Rendition,
  type RenditionFields,
  SOURCE,
} from "../../../src/media/rendition.ts";
import { exifSegment, orientationOf } from "../../../src/media/jpeg/exif.ts";
import { BRIGHTEN, CONTRAST, HIGHLIGHT } from "../../../src/media/jpeg/filters.ts";
import { STANDARD_TABLES } from "../../../src/media/jpeg/huffman.ts";
import { readSegments } from "../../../src/media/jpeg/segments.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { ImageScriptCodec } from "../../../src/transcode/imagescript_codec.ts";
import { join } from "../../support/jpegs.ts";
import {
  decodePlanes,
  decodeRgb,
  meanColour,
  psnr,
  type Rgb,
  sampleJpeg,
} from "../../support/jpeg_samples.ts";

const codec = new DctCodec();
const reference = new ImageScriptCodec();

function rendition(change: Partial<RenditionFields> = {}): Rendition {
  return SOURCE.with({ quality: 50, ...change });
}

function make(
  jpeg: Uint8Array<ArrayBuffer>,
  change: Partial<RenditionFields> = {},
  before?: LumaPlane,
) {
  return codec.transcode(jpeg, [rendition(change)], before).outputs[0];
}

Deno.test("mirror turns a quarter-turned picture the way its viewer sees it", async () => {
  const jpeg = await sampleJpeg();
  const expected = [1, 2, 3, 4, 7, 8, 5, 6];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const source = join(jpeg.subarray(0, 20), exifSegment(orientation), jpeg.subarray(20));
    const { app } = readSegments(make(source, { filter: "mirror" }), STANDARD_TABLES);
    assert.equal(orientationOf(app), expected[orientation - 1]);
  }
});

/**
 * How near each filter comes to the same done on pixels, whole and halved, in dB. They differ where
 * samples clip; `soft` at the edges of blocks, and a half size by how each takes the finest detail.
 * The pixels are encoded once more, no finer than the source was.
 */
const NEARNESS: Readonly<Record<Filter, readonly [whole: number, halved: number]>> = {
  none: [43, 35],
  grayscale: [50, 36],
  sepia: [43, 36],
  invert: [43, 35],
  brighten: [42, 35],
  contrast: [39, 33],
  mirror: [43, 35],
  pixelate: [42, 42],
  soft: [34, 32],
  highlight: [42, 35],
};

for (const filter of FILTERS) {
  Deno.test(`filter ${filter} gives what it gives on pixels of a turned frame`, async () => {
    // As a webcam's, 4:2:2, which then has half the colour downwards.
    const options = { sampling: "4:2:2", quality: 96 } as const;
    const turned = codec.turn(await sampleJpeg(options), 6);
    const before = codec.transcode(codec.turn(await sampleJpeg({ ...options, frame: 40 }), 6), []);
    for (const scale of [1, 0.5] as const) await assertNear(turned, filter, scale, before.luma);
  });

  Deno.test(`filter ${filter} gives what it gives on pixels`, async () => {
    for (const sampling of ["4:4:4", "4:2:2", "4:2:0", "grayscale"] as const) {
      for (const scale of [1, 0.5] as const) {
        const jpeg = await sampleJpeg({ sampling, quality: 96 });
        const before = codec.transcode(await sampleJpeg({ sampling, quality: 96, frame: 40 }), []);
        await decodePlanes(await assertNear(jpeg, filter, scale, before.luma));
      }
    }
  });
}

/** Fails where the codec's rendition is not as near to the same done on pixels as it should be. */
async function assertNear(
  jpeg: Uint8Array<ArrayBuffer>,
  filter: Filter,
  scale: RenditionFields["scale"],
  before: LumaPlane,
) {
  const wanted = [rendition({ quality: 100, filter, scale })];
  const [ours] = codec.transcode(jpeg, wanted, before).outputs;
  const [theirs] = (await reference.transcode(jpeg, wanted, before)).outputs;
  const [a, b] = [await decodeRgb(ours), await decodeRgb(theirs)];
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  const decibels = psnr(a.data, b.data);
  const least = NEARNESS[filter][scale === 1 ? 0 : 1];
  assert.ok(decibels >= least, `${a.width}x${a.height} at ${scale}: ${decibels} dB`);
  return ours;
}

Deno.test("each filter does to the colours what its name says", async () => {
  const jpeg = await sampleJpeg({ quality: 90 });
  const plain = meanColour(await decodeRgb(jpeg));
  const shown = async (filter: Filter) =>
    meanColour(await decodeRgb(make(jpeg, { filter, quality: 80 })));
  const gray = await shown("grayscale");
  assert.ok(Math.abs(gray.r - gray.g) < 0.5 && Math.abs(gray.g - gray.b) < 0.5);
  const sepia = await shown("sepia");
  assert.ok(sepia.r > sepia.g + 10 && sepia.g > sepia.b + 20);
  const inverted = await shown("invert");
  for (const c of ["r", "g", "b"] as const) {
    assert.ok(Math.abs(inverted[c] - (255 - plain[c])) < 3, `${c} ${inverted[c]} ${plain[c]}`);
  }
  const bright = await shown("brighten");
  for (const c of ["r", "g", "b"] as const) {
    assert.ok(bright[c] > plain[c] + BRIGHTEN * 0.7 && bright[c] < plain[c] + BRIGHTEN + 3);
  }
  const spread = async (filter: Filter) =>
    deviation(await decodeRgb(make(jpeg, { filter, quality: 80 })));
  const normal = await spread("none");
  const contrast = await spread("contrast");
  assert.ok(contrast > normal * (1 + (CONTRAST - 1) / 2) && contrast < normal * CONTRAST * 1.05);
  assert.ok(await spread("pixelate") < normal);
  assert.ok(await spread("soft") < normal);
});

function deviation({ data }: Rgb): number {
  const mean = data.reduce((sum, sample) => sum + sample, 0) / data.length;
  return Math.sqrt(data.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / data.length);
}

Deno.test("mirror shows the left on the right, without the column of MCUs that is not full", async () => {
  for (const [width, expected] of [[320, 320], [333, 320], [40, 32], [9, 9]] as const) {
    const jpeg = await sampleJpeg({ width, height: 64, sampling: "4:2:0", quality: 95 });
    const plain = await decodeRgb(jpeg);
    const mirrored = await decodeRgb(make(jpeg, { filter: "mirror", quality: "source" }));
    assert.deepEqual([mirrored.width, mirrored.height], [expected, 64]);
    if (width < 16) continue;
    let sum = 0;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < expected; x++) {
        for (let i = 0; i < 3; i++) {
          const a = plain.data[(y * width + x) * 3 + i];
          sum += Math.abs(a - mirrored.data[(y * expected + expected - 1 - x) * 3 + i]);
        }
      }
    }
    const mean = sum / (64 * expected * 3);
    assert.ok(mean < 3, `${width}: off by ${mean}`);
  }
});

Deno.test("highlight brightens the blocks that moved, and no others", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale" });
  const { luma } = codec.transcode(jpeg, []);
  const before = { ...luma, data: luma.data.slice() };
  const moved = 5 * luma.width + 7;
  before.data[moved] += before.data[moved] > 128 ? -60 : 60;
  const lit = codec.transcode(make(jpeg, { filter: "highlight", quality: 95 }, before), []).luma;
  lit.data.forEach((level, i) => {
    const expected = luma.data[i] + (i === moved ? HIGHLIGHT : 0);
    assert.ok(Math.abs(level - expected) <= 1, `block ${i}: ${level} for ${expected}`);
  });
  const unchanged = make(jpeg, { filter: "none", quality: 80 });
  assert.deepEqual(make(jpeg, { filter: "highlight", quality: 80 }), unchanged);
  const other = { width: 3, height: 3, data: new Uint8Array(9) };
  assert.deepEqual(make(jpeg, { filter: "highlight", quality: 80 }, other), unchanged);
});
