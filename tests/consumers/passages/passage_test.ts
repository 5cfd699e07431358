import assert from "node:assert/strict";
import { canFollow } from "../../../src/consumers/passages/passage.ts";
import { readConfiguration } from "../../../src/media/h264/configuration.ts";

/** What libx264 writes for 640x360 at different frame rates. */
const FAST =
  "0164001effe1001d6764001eacb405017fcb80b7010d06a500000300a900002a508f162ea001000468ef3cb0fdf8f800";
const SLOW =
  "01640016ffe1001c67640016acb405017fcb80b7010d06a5000006870000b2228f162ea001000468ef3cb0fdf8f800";
const SLOWER =
  "01640016ffe1001d67640016acb405017fcb80b7010d06a500000301d6000032d68f162ea001000468ef3cb0fdf8f800";
const LARGE =
  "0164001fffe1001b6764001facb402802dd80b7010d06a500000a3f0000db868f1832a01000468ef3cb0fdf8f800";

function formatOf(hex: string) {
  return readConfiguration(Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16)));
}

Deno.test("a recording goes on when the encoder begins again for another frame rate", () => {
  assert(canFollow(formatOf(SLOW), formatOf(SLOWER)));
  assert(canFollow(formatOf(SLOWER), formatOf(SLOW)));
  assert(canFollow(formatOf(FAST), formatOf(SLOW)));
});

Deno.test("a recording does not go on with another size, level, picture parameter or codec", () => {
  assert(!canFollow(formatOf(SLOW), formatOf(FAST)));
  assert(!canFollow(formatOf(FAST), formatOf(LARGE)));
  assert(!canFollow(formatOf(SLOW), formatOf(SLOW.replace("68ef3c", "68ee3c"))));
  assert(!canFollow(formatOf(SLOW), { width: 640, height: 360 }));
  assert(canFollow({ width: 640, height: 360 }, { width: 640, height: 360 }));
});

Deno.test("records that cannot be read follow themselves alone", () => {
  const one = { ...formatOf(FAST), record: Uint8Array.of(9, 9) };
  assert(canFollow(one, { ...one, record: Uint8Array.of(9, 9) }));
  assert(!canFollow(one, { ...one, record: Uint8Array.of(9, 8) }));
});
