import assert from "node:assert/strict";
import fc from "fast-check";
import { exifSegment, type Orientation, orientationOf } from "../../../../src/media/jpeg/exif.ts";
import { STANDARD_TABLES } from "../../../../src/media/jpeg/huffman.ts";
import { readSegments } from "../../../../src/media/jpeg/segments.ts";
import { pictureSize } from "../../../../src/media/jpeg/size.ts";
import { turnPixels } from "../../../../src/media/jpeg/turn_pixels.ts";
import { DctCodec } from "../../../../src/transcode/dct_codec.ts";
import { type Blocks, blocksOf, jpegOf } from "../../../support/coefficient_blocks.ts";
import {
  ALL_SAMPLINGS,
  decodeRgb,
  djpeg,
  pipe,
  sampleJpeg,
  type Sampling,
} from "../../../support/jpeg_samples.ts";
import { join, segment } from "../../../support/jpegs.ts";

/** jpegtran's arguments for each orientation but the first. */
const JPEGTRAN: Readonly<Record<Orientation, readonly string[]>> = {
  2: ["-flip", "horizontal"],
  3: ["-rotate", "180"],
  4: ["-flip", "vertical"],
  5: ["-transpose"],
  6: ["-rotate", "90"],
  7: ["-transverse"],
  8: ["-rotate", "270"],
};
const ORIENTATIONS = Object.keys(JPEGTRAN).map(Number);
const QUARTER_TURN = 6;

const codec = new DctCodec();

function jpegtran(jpeg: Uint8Array, orientation: Orientation) {
  return pipe("jpegtran", ["-trim", ...JPEGTRAN[orientation]], jpeg);
}

/** The quantisation table of each component, in zigzag order. */
function tablesOf(jpeg: Uint8Array): (Uint16Array | undefined)[] {
  const { scans } = readSegments(jpeg, STANDARD_TABLES);
  return scans.flatMap(({ components }) => components.map(({ quantization }) => quantization));
}

/** The blocks that show a part of the picture; jpegtran makes up the others. */
function visibleBlocksOf(jpeg: Uint8Array): Blocks[] {
  const { width, height, components } = readSegments(jpeg, STANDARD_TABLES).frame;
  const hMost = Math.max(...components.map(({ h }) => h));
  const vMost = Math.max(...components.map(({ v }) => v));
  return blocksOf(jpeg).map((blocks, i) => {
    const { h, v } = components[i];
    const across = components.length === 1
      ? Math.ceil(width / 8)
      : Math.ceil(width / 8 / hMost) * h;
    const visibleAcross = Math.ceil(Math.ceil(width * h / hMost) / 8);
    const visibleDown = Math.ceil(Math.ceil(height * v / vMost) / 8);
    return blocks.filter((_, block) =>
      block % across < visibleAcross && Math.floor(block / across) < visibleDown
    );
  });
}

for (const sampling of ALL_SAMPLINGS) {
  Deno.test(`turning a ${sampling} frame gives the coefficients that jpegtran gives`, async () => {
    // Whole MCUs, and sides that leave a part of one in either direction.
    for (const [width, height] of [[320, 192], [309, 187]]) {
      const jpeg = await sampleJpeg({ width, height, sampling });
      for (const orientation of ORIENTATIONS) {
        const turned = codec.turn(jpeg, orientation);
        const expected = await jpegtran(jpeg, orientation);
        const what = `${width}x${height}, orientation ${orientation}`;
        assert.deepEqual(pictureSize(turned), pictureSize(expected), what);
        assert.deepEqual(tablesOf(turned), tablesOf(expected), what);
        assert.deepEqual(visibleBlocksOf(turned), visibleBlocksOf(expected), what);
      }
    }
  });
}

Deno.test("a turned frame shows the pixels that jpegtran's shows", async () => {
  const samplings: readonly Sampling[] = ["4:2:2", "4:4:0"];
  for (const sampling of samplings) {
    const jpeg = await sampleJpeg({ width: 320, height: 192, sampling });
    for (const orientation of [QUARTER_TURN, 3, 7]) {
      const turned = await djpeg(codec.turn(jpeg, orientation));
      assert.deepEqual(turned, await djpeg(await jpegtran(jpeg, orientation)));
    }
  }
});

Deno.test("four quarter turns give back the coefficients of any frame of whole MCUs", () => {
  const side = fc.integer({ min: 1, max: 3 });
  const sampling = fc.constantFrom([1, 1], [2, 1], [1, 2], [2, 2], [4, 1], [1, 4]);
  const steps = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) =>
    Uint16Array.from(bytes, (step) => Math.max(1, step))
  );
  fc.assert(
    fc.property(side, side, sampling, steps, fc.infiniteStream(fc.integer()), (
      across,
      down,
      [h, v],
      quantization,
      random,
    ) => {
      const shapes = [{ h, v, quantization }, ...Array(2).fill({ h: 1, v: 1, quantization })];
      const blocks = shapes.map((shape) =>
        Array.from(
          { length: across * down * shape.h * shape.v },
          () =>
            Int16Array.from({ length: 64 }, () => {
              const value = random.next().value!;
              // Most coefficients of real frames are 0.
              return value & 3 ? 0 : (value >> 2) % 1024;
            }),
        )
      );
      const jpeg = jpegOf({ width: across * 8 * h, height: down * 8 * v, shapes, blocks });
      let turned = jpeg;
      for (let i = 0; i < 4; i++) {
        turned = codec.turn(turned, QUARTER_TURN);
        if (i === 0) {
          assert.deepEqual(pictureSize(turned), { width: down * 8 * v, height: across * 8 * h });
        }
      }
      assert.deepEqual(blocksOf(turned), blocksOf(jpeg));
      assert.deepEqual(tablesOf(turned), tablesOf(jpeg));
    }),
    { numRuns: 200 },
  );
});

Deno.test("turning keeps a last MCU that is not full wherever it stays the last", async () => {
  const jpeg = await sampleJpeg({ width: 309, height: 187, sampling: "4:2:0" });
  const sizes = ORIENTATIONS.map((orientation) => {
    const { width, height } = pictureSize(codec.turn(jpeg, orientation))!;
    return `${width}x${height}`;
  });
  assert.deepEqual(sizes, [
    "304x187",
    "304x176",
    "309x176",
    "187x309",
    "176x309",
    "176x304",
    "187x304",
  ]);
});

Deno.test("turning applies a frame's own Exif orientation first, and leaves none", async () => {
  const jpeg = await sampleJpeg({ width: 64, height: 48 });
  for (const own of ORIENTATIONS) {
    const tagged = join(jpeg.subarray(0, 2), exifSegment(own), jpeg.subarray(2));
    const upright = codec.turn(tagged, 1);
    assert.deepEqual(blocksOf(upright), blocksOf(codec.turn(jpeg, own)));
    const turned = codec.turn(tagged, QUARTER_TURN);
    assert.deepEqual(blocksOf(turned), blocksOf(codec.turn(upright, QUARTER_TURN)));
    assert.equal(orientationOf(readSegments(turned, STANDARD_TABLES).app), 1);
  }
});

Deno.test("a quarter turn exchanges the two pixel densities of JFIF", async () => {
  const jpeg = await sampleJpeg({ width: 64, height: 48 });
  const jfif = segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 64, 0, 45, 0, 0]);
  const wide = join(jpeg.subarray(0, 2), jfif, jpeg.subarray(2 + 18));
  const densityOf = (
    jpeg: Uint8Array,
  ) => [...readSegments(jpeg, STANDARD_TABLES).app[0].payload.subarray(8, 12)];
  assert.deepEqual(densityOf(codec.turn(wide, 3)), [0, 64, 0, 45]);
  assert.deepEqual(densityOf(codec.turn(wide, QUARTER_TURN)), [0, 45, 0, 64]);
});

Deno.test("turned pixels are those that djpeg shows of the turned frame", async () => {
  // 4:4:4 and DC alone: colours are not smoothed across blocks, so that turning commutes with decoding.
  const jpeg = await sampleJpeg({ width: 64, height: 48, sampling: "4:4:4" });
  const { width, height, data } = await decodeRgb(jpeg);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  for (const orientation of ORIENTATIONS) {
    const turned = turnPixels({ width, height, data: rgba }, orientation);
    const expected = await decodeRgb(codec.turn(jpeg, orientation));
    assert.deepEqual([turned.width, turned.height], [expected.width, expected.height]);
    // The decoder's rounding differs by a level or two from side to side.
    const most = expected.data.reduce(
      (most, level, i) =>
        Math.max(most, Math.abs(level - turned.data[Math.floor(i / 3) * 4 + i % 3])),
      0,
    );
    assert(most <= 4, `orientation ${orientation}: ${most} levels`);
  }
});
