import assert from "node:assert/strict";
import { PageReader } from "../../../src/media/ogg/page_reader.ts";
import { checksumOf } from "../../../src/media/ogg/checksum.ts";
import { silence } from "../../../src/media/opus.ts";
import { oggOf } from "../../support/ogg_samples.ts";

Deno.test("checksum is CRC-32 with Ogg's parameters", () => {
  // The check value of CRC-32/BZIP2, which differs by its initial value and final inversion alone.
  const digits = new TextEncoder().encode("123456789");
  const inverted = digits.map((byte, at) => at < 4 ? byte ^ 0xff : byte);
  assert.equal((checksumOf(inverted) ^ 0xffff_ffff) >>> 0, 0xfc89_1918);
});

Deno.test("writer puts one packet on each page, with positions that follow one another", () => {
  const pages = [...new PageReader().push(oggOf([silence(2), silence(1), new Uint8Array(510)]))];
  assert.deepEqual(pages.map(({ isFirst }) => isFirst), [true, false, false, false, false]);
  assert.deepEqual(pages.map(({ sequence }) => sequence), [0, 1, 2, 3, 4]);
  // Configuration 0 is 10 ms, which is half as long as silence.
  assert.deepEqual(pages.map(({ granule }) => granule), [0n, 0n, 960n, 1_920n, 2_400n]);
  assert.deepEqual([...pages[4].lengths], [255, 255, 0]);
});
