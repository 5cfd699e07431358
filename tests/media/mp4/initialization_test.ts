import assert from "node:assert/strict";
import { encodeInitialization } from "../../../src/media/mp4/initialization.ts";
import { boxesOf, contentsOf, numbersOf } from "./boxes.ts";

const VIDEO = {
  record: Uint8Array.of(1, 0x42, 0xc0, 0x1f, 0xff, 0xe0, 0),
  codec: "avc1.42c01f",
  width: 1280,
  height: 720,
};

Deno.test("initialization has a track of video, and one of sound if wanted", () => {
  for (const hasSound of [false, true]) {
    const bytes = encodeInitialization(VIDEO, { hasSound });
    assert.deepEqual(boxesOf(bytes).map(({ type }) => type), ["ftyp", "moov"]);
    const tracks = boxesOf(contentsOf(bytes, "moov")).filter(({ type }) => type === "trak");
    const handlers = tracks.map(({ contents }) =>
      new TextDecoder().decode(contentsOf(contents, "mdia/hdlr").subarray(8, 12))
    );
    assert.deepEqual(handlers, hasSound ? ["vide", "soun"] : ["vide"]);
    assert.equal(boxesOf(contentsOf(bytes, "moov/mvex")).length, tracks.length);
  }
});

Deno.test("initialization has the size and the decoder's configuration", () => {
  const bytes = encodeInitialization(VIDEO, { hasSound: false });
  const header = numbersOf(contentsOf(bytes, "moov/trak/tkhd"));
  assert.deepEqual(header.slice(-2), [1280 << 16, 720 << 16]);
  const description = contentsOf(bytes, "moov/trak/mdia/minf/stbl/stsd").subarray(8);
  const [{ type, contents }] = boxesOf(description);
  assert.equal(type, "avc1");
  assert.deepEqual(contentsOf(contents.subarray(78), "avcC"), VIDEO.record);
});
