import assert from "node:assert/strict";
import fc from "fast-check";
import { Mp3Splitter } from "../../src/media/mp3_splitter.ts";
import { join } from "../support/jpegs.ts";

/** A frame of 48 kHz at these kilobits a second, whose content begins no other. */
function frame(index: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length).fill(7);
  bytes.set([0xff, 0xfb, index << 4 | 4, 0xc4]);
  return bytes;
}

const frames = fc.array(fc.constantFrom(frame(7, 288), frame(9, 384), frame(1, 96)), {
  maxLength: 10,
});
const garbage = fc.uint8Array({ max: 0xfe, maxLength: 40 });

Deno.test("MP3 splitter gives whole frames whatever the chunks, and skips what is none", () => {
  const cuts = fc.integer({ min: 1, max: 500 });
  fc.assert(fc.property(frames, garbage, cuts, (frames, before, length) => {
    const stream = join(before, ...frames);
    const splitter = new Mp3Splitter();
    const found: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += length) {
      found.push(...splitter.push(stream.slice(at, at + length)));
    }
    assert.deepEqual(found.map(String), frames.map(String));
  }));
});

Deno.test("MP3 splitter counts the padding of a frame", () => {
  // 128 kbit/s at 44.1 kHz: 417.96 bytes.
  const padded = new Uint8Array(418);
  padded.set([0xff, 0xfb, 0x92, 0xc4]);
  assert.deepEqual(new Mp3Splitter().push(padded), [padded]);
});
