import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeFragment } from "../../../src/media/mp4/fragment.ts";
import { encodeInitialization, TIMESCALE } from "../../../src/media/mp4/initialization.ts";
import * as page from "../../../static/js/video/fmp4.js";

Deno.test("the page begins with the bytes with which the server's /stream.mp4 begins", () => {
  assert.equal(page.TIMESCALE, TIMESCALE.video);
  fc.assert(fc.property(
    fc.uint8Array({ minLength: 7, maxLength: 100 }),
    fc.integer({ min: 1, max: 16_384 }),
    fc.integer({ min: 1, max: 16_384 }),
    (bytes, width, height) => {
      const configuration = { record: bytes.slice(), codec: "avc1.42c01f", width, height };
      assert.deepEqual(
        page.initSegment(configuration),
        encodeInitialization(configuration, { hasSound: false }),
      );
    },
  ));
});

Deno.test("the page writes the server's fragments of one sample", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 100 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fc.maxSafeNat(),
    fc.nat({ max: 1_000_000 }),
    fc.boolean(),
    (data, number, time, duration, isKey) => {
      const sample = { data, duration, isKey };
      assert.deepEqual(
        page.fragment({ number, time, ...sample }),
        encodeFragment({ sequence: number, track: "video", time, samples: [sample] }),
      );
    },
  ));
});
