import assert from "node:assert/strict";
import fc from "fast-check";
import { encodePes } from "../../../src/media/mpeg_ts/pes.ts";
import { ptsOf } from "./ts_packets.ts";

Deno.test("PES packets have their time, which begins again after 26.5 hours, and their data", () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.uint8Array(), (eighth, data) => {
    const pts = eighth * 8 + 3;
    const pes = encodePes("sound", pts, data);
    assert.equal(ptsOf(pes), pts % 2 ** 33);
    assert.deepEqual([...pes.subarray(14)], [...data]);
    assert.equal(pes[4] << 8 | pes[5], pes.length - 6);
  }));
});

Deno.test("PES packets of video that are too long for a length have none", () => {
  for (const [length, given] of [[0xffff - 8, 0xffff], [0xffff - 7, 0]]) {
    const pes = encodePes("video", 0, new Uint8Array(length));
    assert.equal(pes[4] << 8 | pes[5], given);
  }
});
