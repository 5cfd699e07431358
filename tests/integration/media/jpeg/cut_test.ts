import assert from "node:assert/strict";
import { isCut } from "../../../../src/media/jpeg/cut.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";
import { join } from "../../../support/jpegs.ts";

Deno.test("a frame is cut when more than its last MCU is missing", async () => {
  const jpeg = await sampleJpeg();
  assert.equal(isCut(jpeg), false);
  assert.equal(isCut(jpeg.subarray(0, -2)), false, "without EOI");
  assert.equal(isCut(jpeg.subarray(0, -3)), false, "without its last byte");
  for (const share of [0.98, 0.9, 0.5, 0.2, 0.05, 0.01]) {
    assert.ok(isCut(jpeg.subarray(0, Math.floor(jpeg.length * share))), `${share}`);
  }
});

Deno.test("a frame that lost something in the middle is not cut", async () => {
  const jpeg = await sampleJpeg({ cjpeg: ["-restart", "1"] });
  const [first, second] = [0xd1, 0xd3].map((marker) =>
    jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === marker)
  );
  assert.equal(isCut(join(jpeg.subarray(0, first), jpeg.subarray(second))), false);
});

Deno.test("a frame that the decoder does not take is not called cut", async () => {
  for (const kind of ["-progressive", "-arithmetic"]) {
    const jpeg = await sampleJpeg({ cjpeg: [kind] });
    assert.equal(isCut(jpeg.subarray(0, jpeg.length >> 1)), false);
  }
});
