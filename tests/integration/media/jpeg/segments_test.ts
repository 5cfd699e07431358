import assert from "node:assert/strict";
import { STANDARD_TABLES } from "../../../../src/media/jpeg/huffman.ts";
import { readSegments } from "../../../../src/media/jpeg/segments.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";

const read = (jpeg: Uint8Array) => readSegments(jpeg, STANDARD_TABLES);

Deno.test("readSegments reads size, components, tables and the place of the data", async () => {
  const jpeg = await sampleJpeg({ width: 33, height: 17, cjpeg: ["-restart", "2B"] });
  const { frame, scans, app } = read(jpeg);
  assert.deepEqual([frame.process, frame.precision, frame.width, frame.height], [0xc0, 8, 33, 17]);
  assert.deepEqual(frame.components.map(({ id, h, v }) => [id, h, v]), [[1, 2, 2], [2, 1, 1], [
    3,
    1,
    1,
  ]]);
  assert.equal(scans.length, 1);
  assert.equal(scans[0].restartInterval, 2);
  assert.equal(scans[0].end, jpeg.length - 2);
  assert.deepEqual(app.map(({ marker }) => marker), [0xe0]);
  assert.deepEqual(scans[0].components[0].ac, STANDARD_TABLES.get(0x10));
});

Deno.test("readSegments finds every scan of a progressive JPEG", async () => {
  const { frame, scans } = read(await sampleJpeg({ cjpeg: ["-progressive"] }));
  assert.equal(frame.process, 0xc2);
  assert.equal(scans.length, 10);
});
