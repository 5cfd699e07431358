import assert from "node:assert/strict";
import fc from "fast-check";
import { exifSegment, mirrorOrientation, orientationOf } from "../../../src/media/jpeg/exif.ts";

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

function orientationIn(payload: readonly number[]): number {
  return orientationOf([{ marker: 0xe1, payload: Uint8Array.from(payload) }]);
}

Deno.test("orientation is read back from a segment that asks for it", () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const segment = exifSegment(orientation);
    assert.equal(segment.length, 2 + (segment[2] << 8 | segment[3]));
    assert.equal(orientationIn([...segment.subarray(4)]), orientation);
  }
});

Deno.test("orientation is found in little-endian Exif behind other entries", () => {
  // deno-fmt-ignore
  const tiff = [
    0x49, 0x49, 42, 0, 8, 0, 0, 0,
    2, 0,
    0x0f, 0x01, 2, 0, 1, 0, 0, 0, 65, 0, 0, 0,
    0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,
    0, 0, 0, 0,
  ];
  assert.equal(orientationIn([...EXIF, ...tiff]), 8);
});

Deno.test("orientation is 1 where nothing sensible asks for another", () => {
  assert.equal(orientationOf([]), 1);
  assert.equal(orientationIn([...exifSegment(9).subarray(4)]), 1);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
    const orientation = orientationIn([...EXIF, ...bytes]);
    assert.ok(orientation >= 1 && orientation <= 8);
  }));
});

Deno.test("mirroring twice gives the orientation back", () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    assert.equal(mirrorOrientation(mirrorOrientation(orientation)), orientation);
  }
});
