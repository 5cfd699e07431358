import assert from "node:assert/strict";
import { crc32 } from "../../../src/media/mpeg_ts/crc32.ts";

Deno.test("crc32 is CRC-32/MPEG-2", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0x0376e6e7);
});
