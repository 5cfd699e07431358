import assert from "node:assert/strict";
import fc from "fast-check";
import { exifSegment } from "../../../src/media/jpeg/exif.ts";
import { pictureForm } from "../../../src/media/jpeg/form.ts";
import { pictureSize } from "../../../src/media/jpeg/size.ts";
import { tinyJpeg } from "../../support/jpegs.ts";

/** Puts a segment behind SOI. */
function withSegment(jpeg: Uint8Array, segment: Uint8Array): Uint8Array {
  return Uint8Array.of(...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2));
}

Deno.test("form is the stored size with the orientation that Exif asks for", () => {
  const jpeg = tinyJpeg();
  const size = pictureSize(jpeg)!;
  assert.deepEqual(pictureForm(jpeg), { ...size, orientation: 1 });
  for (let orientation = 2; orientation <= 8; orientation++) {
    const turned = withSegment(jpeg, exifSegment(orientation));
    assert.deepEqual(pictureForm(turned), { ...size, orientation });
  }
});

Deno.test("form of whatever bytes is found or not, without an error", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
    const length = payload.length + 2;
    const segment = Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff, ...payload);
    assert.notEqual(pictureForm(withSegment(tinyJpeg(), segment)), null);
    pictureForm(Uint8Array.of(0xff, 0xd8, ...segment));
    pictureForm(payload);
  }));
});
