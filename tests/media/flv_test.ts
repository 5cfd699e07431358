import assert from "node:assert/strict";
import fc from "fast-check";
import { FlvReader, type FlvVideo } from "../../src/media/flv.ts";
import { concat } from "../../src/media/jpeg/concat.ts";

const HEAD = Uint8Array.of(0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0);

/** A tag as FLV has it. */
function tag(type: number, timestamp: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(11 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type << 24 | data.length);
  bytes.set([timestamp >> 16, timestamp >> 8, timestamp, timestamp >> 24], 4);
  bytes.set(data, 11);
  view.setUint32(11 + data.length, 11 + data.length);
  return bytes;
}

function tagOf(video: FlvVideo): Uint8Array<ArrayBuffer> {
  if (video.kind === "configuration") {
    return tag(9, 0, concat(Uint8Array.of(0x17, 0, 0, 0, 0), video.record));
  }
  const head = Uint8Array.of(video.isKey ? 0x17 : 0x27, 1, 0, 0, 0);
  return tag(9, video.timestamp, concat(head, video.data));
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => new Uint8Array(data));
const video: fc.Arbitrary<FlvVideo> = fc.oneof(
  bytes.map((record) => ({ kind: "configuration", record }) as const),
  fc.record({
    kind: fc.constant("sample" as const),
    timestamp: fc.nat(2 ** 31 - 1),
    isKey: fc.boolean(),
    data: bytes,
  }, { noNullPrototype: true }),
);

/** Cuts bytes into chunks whose lengths repeat. */
function* chunksOf(file: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < file.length; i++) {
    const length = lengths[i % lengths.length];
    yield file.slice(at, at + length);
    at += length;
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });

Deno.test("FLV reader gives every sample, however the bytes are cut", () => {
  fc.assert(fc.property(fc.array(video, { maxLength: 8 }), lengths, (videos, lengths) => {
    const other = tag(18, 0, new Uint8Array(20));
    const file = concat(HEAD, other, ...videos.map(tagOf), other);
    const reader = new FlvReader();
    const found = [...chunksOf(file, lengths)].flatMap((chunk) => reader.push(chunk));
    assert.deepEqual(found, videos);
  }));
});

Deno.test("FLV reader gives sound too if it is asked for, in its order", () => {
  const sound = fc.record({ timestamp: fc.nat(2 ** 31 - 1), isConfiguration: fc.boolean(), bytes });
  const items = fc.array(fc.oneof(video, sound), { maxLength: 8 });
  fc.assert(fc.property(items, lengths, (items, lengths) => {
    const tags = items.map((item) =>
      "kind" in item ? tagOf(item) : tag(
        8,
        item.timestamp,
        concat(Uint8Array.of(0xaf, item.isConfiguration ? 0 : 1), item.bytes),
      )
    );
    const expected = items.map((item) => {
      if ("kind" in item) return item;
      const { isConfiguration, timestamp, bytes } = item;
      return isConfiguration
        ? { kind: "sound configuration", record: bytes }
        : { kind: "sound sample", timestamp, data: bytes };
    });
    const file = concat(HEAD, ...tags);
    const all = new FlvReader();
    assert.deepEqual([...chunksOf(file, lengths)].flatMap((chunk) => all.pushAll(chunk)), expected);
    const some = new FlvReader();
    assert.deepEqual(
      [...chunksOf(file, lengths)].flatMap((chunk) => some.push(chunk)),
      items.filter((item) => "kind" in item),
    );
  }));
});

Deno.test("FLV reader gives samples or a RangeError for damaged bytes", () => {
  const changes = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(video, { maxLength: 6 }), changes, lengths, (videos, changes, lengths) => {
      const file = concat(HEAD, ...videos.map(tagOf));
      for (const [at, byte] of changes) if (at < file.length) file[at] = byte;
      const reader = new FlvReader();
      try {
        for (const chunk of chunksOf(file, lengths)) reader.push(chunk);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("FLV reader refuses a tag that is too long before it has its bytes", () => {
  const reader = new FlvReader();
  reader.push(HEAD);
  assert.throws(
    () => reader.push(Uint8Array.of(9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0)),
    /An FLV tag is too long: 16777215 bytes/,
  );
});

Deno.test("FLV reader refuses what is not FLV", () => {
  assert.throws(() => new FlvReader().push(new Uint8Array(13)), /This is not FLV/);
});

Deno.test("FLV reader gives a sample as soon as its last byte is there", () => {
  const reader = new FlvReader();
  const sample: FlvVideo = {
    kind: "sample",
    timestamp: 5,
    isKey: true,
    data: new Uint8Array(100_000),
  };
  const file = concat(HEAD, tagOf(sample));
  assert.deepEqual(reader.push(file.slice(0, -1)), []);
  assert.deepEqual(reader.push(file.slice(-1)), [sample]);
});
