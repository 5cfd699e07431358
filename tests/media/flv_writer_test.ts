import assert from "node:assert/strict";
import fc from "fast-check";
import { FlvReader, type FlvSound, type FlvVideo } from "../../src/media/flv.ts";
import { encodeFlvTag, flvHead } from "../../src/media/flv_writer.ts";
import { concat } from "../../src/media/jpeg/concat.ts";

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => new Uint8Array(array));
const timestamp = fc.nat({ max: 2 ** 31 - 1 });

const items = fc.array(fc.oneof(
  fc.record({ kind: fc.constant("configuration" as const), record: bytes }, {
    noNullPrototype: true,
  }),
  fc.record({ kind: fc.constant("sound configuration" as const), record: bytes }, {
    noNullPrototype: true,
  }),
  fc.record({ kind: fc.constant("sample" as const), timestamp, isKey: fc.boolean(), data: bytes }, {
    noNullPrototype: true,
  }),
  fc.record({ kind: fc.constant("sound sample" as const), timestamp, data: bytes }, {
    noNullPrototype: true,
  }),
));

Deno.test("FLV tags are read as they were written", () => {
  fc.assert(fc.property(items, (items: (FlvVideo | FlvSound)[]) => {
    const written = concat(flvHead(), ...items.map(encodeFlvTag));
    assert.deepEqual(new FlvReader().pushAll(written), items);
  }));
});

Deno.test("an FLV tag has at most 16 MB", () => {
  const data = new Uint8Array(1 << 24);
  const item = { kind: "sample" as const, timestamp: 0, isKey: true, data };
  assert.throws(() => encodeFlvTag(item), RangeError);
});
