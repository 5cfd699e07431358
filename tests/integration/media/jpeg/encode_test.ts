import assert from "node:assert/strict";
import fc from "fast-check";
import { STANDARD_TABLES } from "../../../../src/media/jpeg/huffman.ts";
import { ijgTable } from "../../../../src/media/jpeg/quality.ts";
import { readSegments } from "../../../../src/media/jpeg/segments.ts";
import { blocksOf, jpegOf, reencode } from "../../../support/coefficient_blocks.ts";
import { djpeg } from "../../../support/jpeg_samples.ts";

/** Steps of a camera, and blocks of one row whose values stay within what its samples can give. */
const greyPicture = fc.record({
  steps: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 64, maxLength: 64 }),
  values: fc.array(
    fc.array(fc.integer({ min: -1016, max: 1016 }), { minLength: 64, maxLength: 64 }),
    { minLength: 1, maxLength: 6 },
  ),
}).map(({ steps, values }) => {
  const quantization = Uint16Array.from(steps);
  const blocks = values.map((block) =>
    Int16Array.from(block, (value, k) => Math.trunc(value / quantization[k]))
  );
  const shapes = [{ h: 1, v: 1, quantization }];
  return {
    quantization,
    blocks,
    jpeg: jpegOf({ width: blocks.length * 8, height: 8, shapes, blocks: [blocks] }),
  };
});

Deno.test("encoder divides by the coarser step and rounds halves away from zero", () => {
  fc.assert(
    fc.property(greyPicture, fc.integer({ min: 1, max: 100 }), (picture, quality) => {
      const { quantization, blocks, jpeg } = picture;
      const made = reencode(jpeg, quality);
      const steps = ijgTable(quality, "luminance").map((step, k) =>
        Math.max(step, quantization[k])
      );
      const expected = blocks.map((block) =>
        block.map((value, k) => {
          const dequantized = value * quantization[k];
          // In integers, so that no half is missed.
          const size = Math.floor((2 * Math.abs(dequantized) + steps[k]) / (2 * steps[k]));
          return Math.sign(dequantized) * size;
        })
      );
      const [{ quantization: written }] = readSegments(made, STANDARD_TABLES).scans[0].components;
      assert.deepEqual(written, steps);
      assert.deepEqual(blocksOf(made), [expected]);
    }),
    { numRuns: 300 },
  );
});

Deno.test("encoder writes nothing that baseline has no codes for", async () => {
  const quantization = new Uint16Array(64).fill(1);
  const extreme = [1023, -1023].map((value) => new Int16Array(64).fill(value));
  const shapes = [{ h: 1, v: 1, quantization }];
  const blocks = [extreme[0], extreme[1], extreme[0], extreme[1]];
  const jpeg = jpegOf({ width: 16, height: 16, shapes, blocks: [blocks] });
  for (const filter of ["none", "contrast", "invert", "brighten", "soft", "pixelate"] as const) {
    const made = reencode(jpeg, 100, filter);
    for (const block of blocksOf(made).flat()) {
      assert.ok(block.every((value) => Math.abs(value) <= 1024));
    }
    await djpeg(made);
  }
});
