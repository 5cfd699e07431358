import assert from "node:assert/strict";
import { STANDARD_TABLES } from "../../../../src/media/jpeg/huffman.ts";
import { estimateQuality, ijgTable } from "../../../../src/media/jpeg/quality.ts";
import { readSegments } from "../../../../src/media/jpeg/segments.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";

Deno.test("quality tables are those of libjpeg", async () => {
  for (const quality of [1, 2, 5, 10, 25, 49, 50, 51, 75, 90, 99, 100]) {
    const cjpeg = ["-baseline"];
    const jpeg = await sampleJpeg({ width: 16, height: 16, quality, cjpeg });
    const [luma, chroma] = readSegments(jpeg, STANDARD_TABLES).scans[0].components;
    assert.deepEqual(ijgTable(quality, "luminance"), luma.quantization);
    assert.deepEqual(ijgTable(quality, "chrominance"), chroma.quantization);
  }
});

Deno.test("quality is recognised from its table", () => {
  // Below 3, and at neighbours that round to the same table, several qualities look alike.
  for (let quality = 3; quality <= 100; quality++) {
    const table = ijgTable(quality, "luminance");
    assert.deepEqual(ijgTable(estimateQuality(table), "luminance"), table);
  }
  assert.ok(estimateQuality(new Uint16Array(64).fill(60000)) === 1);
});
