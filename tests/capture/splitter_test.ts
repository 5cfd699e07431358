import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameSplitter } from "../../src/capture/splitter.ts";
import { join, segment, tinyJpeg } from "../support/jpegs.ts";

const SOI = Uint8Array.of(0xff, 0xd8);
const EOI = Uint8Array.of(0xff, 0xd9);

/** Entropy-coded data: stuffed, with restart markers and fill bytes, never empty. */
const scan = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }).map(stuff) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 0xd0, max: 0xd7 }).map((m) => Uint8Array.of(0xff, m)),
    },
    { weight: 1, arbitrary: fc.constant(Uint8Array.of(0xff, 0xff, 0xd3)) },
  ),
  { minLength: 1, maxLength: 6 },
).map((parts) => join(...parts));

/** Segments that may hold anything, a whole picture too. */
const opaque = fc.tuple(
  fc.constantFrom(0xe0, 0xe1, 0xe4, 0xfe),
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constant(tinyJpeg({ width: 8, height: 8 })),
    fc.constant(EOI),
    fc.constant(join(SOI, SOI)),
  ),
).map(([marker, content]) => segment(marker, content));

const frame = fc.record({
  tables: fc.boolean(),
  before: fc.array(opaque, { maxLength: 3 }),
  scans: fc.array(scan, { minLength: 1, maxLength: 3 }),
}).map(tinyJpeg);

/** Without segments that may hold anything. Cut within one of those, a frame can look whole. */
const plainFrame = fc.record({
  tables: fc.boolean(),
  scans: fc.array(scan, { minLength: 1, maxLength: 3 }),
}).map(tinyJpeg);

/** Bytes in which no picture can begin. */
const garbage = fc.uint8Array({ maxLength: 60 }).map((bytes) =>
  bytes.map((byte) => byte === 0xff ? 0xfe : byte)
);

/** Longer than any segment: with it passed, even a length gone wild is over. */
const beyondAnyLength = new Uint8Array(0x10000);

/** Lengths by which a stream is cut into chunks, repeated to its end. */
const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

function stuff(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => byte === 0xff ? [0xff, 0x00] : [byte]));
}

function split(stream: Uint8Array, lengths: readonly number[], splitter = new FrameSplitter()) {
  const frames: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const length = lengths[turn % lengths.length];
    frames.push(...splitter.push(stream.subarray(at, at + length)));
    at += length;
  }
  return { frames, damaged: splitter.damaged };
}

function splitAtOnce(...parts: Uint8Array[]) {
  const stream = join(...parts);
  return split(stream, [stream.length]);
}

Deno.test("splitter gives the same frames whatever the chunks", () => {
  fc.assert(fc.property(fc.array(frame, { maxLength: 5 }), cuts, (frames, lengths) => {
    const expected = { frames, damaged: 0 };
    assert.deepEqual(split(join(...frames), lengths), expected);
    assert.deepEqual(splitAtOnce(...frames), expected);
  }));
});

Deno.test("splitter passes over garbage before, between and after frames", () => {
  const pairs = fc.array(fc.tuple(frame, garbage), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(garbage, pairs, cuts, (head, pairs, lengths) => {
    const stream = join(head, ...pairs.flat());
    assert.deepEqual(split(stream, lengths), { frames: pairs.map(([f]) => f), damaged: 0 });
  }));
});

Deno.test("splitter drops a truncated frame and gives all others", () => {
  fc.assert(
    fc.property(
      frame,
      plainFrame,
      fc.nat(),
      fc.array(frame, { minLength: 1, maxLength: 3 }),
      cuts,
      (first, broken, cut, rest, lengths) => {
        // Cut before EOI, after the first bytes: a lone SOI is as good as garbage.
        const kept = broken.subarray(0, 3 + cut % (broken.length - 4));
        const { frames, damaged } = split(join(first, kept, ...rest, beyondAnyLength), lengths);
        assert.deepEqual(frames, [first, ...rest]);
        assert.ok(damaged >= 1);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("splitter says nothing about damage that depends on the chunks", () => {
  const noise = fc.array(
    fc.oneof(frame, fc.uint8Array({ maxLength: 30 }), fc.constantFrom(SOI, EOI, join(SOI, SOI))),
    { maxLength: 8 },
  );
  fc.assert(fc.property(noise, cuts, (parts, lengths) => {
    assert.deepEqual(split(join(...parts), lengths), splitAtOnce(...parts));
  }));
});

Deno.test("splitter is not led astray when it moves what it holds", () => {
  const part = fc.oneof(
    frame,
    frame.chain((f) => fc.nat(f.length).map((cut) => f.subarray(0, cut))),
  );
  const parts = fc.array(part, { minLength: 1, maxLength: 6 });
  // Its first buffer is full within the parts.
  const before = fc.integer({ min: 0, max: 600 }).map((rest) => new Uint8Array(0x20000 - rest));
  fc.assert(
    fc.property(parts, before, cuts, (parts, before, lengths) => {
      const stream = join(...parts, beyondAnyLength);
      const splitter = new FrameSplitter();
      splitter.push(before);
      assert.deepEqual(split(stream, lengths, splitter), splitAtOnce(stream));
    }),
    { numRuns: 500 },
  );
});

Deno.test("splitter gives only frames that are sound, whatever is flipped", () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
  const good = tinyJpeg();
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 4 }),
      flips,
      cuts,
      (all, flips, cuts) => {
        const stream = join(...all);
        for (const [at, value] of flips) stream[at % stream.length] = value;
        // Longer than any segment, so that even a length gone wild is over before the last frame.
        const { frames } = split(
          join(stream, new Uint8Array(0x10000), good),
          cuts.map((c) => c * 90),
        );
        for (const jpeg of frames) assertSound(jpeg);
        assert.deepEqual(frames.at(-1), good);
      },
    ),
  );
});

/** Walks the segments once more, in the plainest way. */
function assertSound(jpeg: Uint8Array): void {
  assert.deepEqual(jpeg.subarray(0, 2), SOI);
  assert.deepEqual(jpeg.subarray(-2), EOI);
  const seen: number[] = [];
  let at = 2;
  while (at < jpeg.length - 2) {
    assert.equal(jpeg[at], 0xff);
    const marker = jpeg[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    seen.push(marker);
    at += 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    if (marker !== 0xda) continue;
    while (
      jpeg[at] !== 0xff || [0, 0xff].includes(jpeg[at + 1]) || (jpeg[at + 1] & 0xf8) === 0xd0
    ) {
      at++;
    }
  }
  assert.ok(
    seen.some((marker) => (marker & 0xf0) === 0xc0 && marker % 4 !== 0 || marker === 0xc0),
    `no frame header: ${seen}`,
  );
  assert.ok(seen.includes(0xda), `no scan: ${seen}`);
}

Deno.test("splitter resyncs after a truncated frame", () => {
  const good = tinyJpeg();
  const { frames, damaged } = splitAtOnce(good.subarray(0, -5), good);
  assert.deepEqual(frames, [good]);
  assert.equal(damaged, 1);
});

Deno.test("splitter does not end a frame at a thumbnail's EOI", () => {
  const jpeg = tinyJpeg({ before: [segment(0xe1, tinyJpeg({ width: 8, height: 8 }))] });
  assert.deepEqual(splitAtOnce(jpeg, jpeg), { frames: [jpeg, jpeg], damaged: 0 });
});

Deno.test("splitter never gives the thumbnail of a damaged frame", () => {
  const thumbnail = tinyJpeg({ width: 8, height: 8 });
  const damaged = join(SOI, segment(0xe1, join(thumbnail, new Uint8Array(99))).subarray(0, -50));
  const good = tinyJpeg();
  assert.deepEqual(splitAtOnce(good, damaged, good).frames, [good, good]);
});

Deno.test("splitter drops what has not one frame header, no scan or an empty scan", () => {
  const good = tinyJpeg();
  const header = good.findIndex((byte, at) => byte === 0xff && good[at + 1] === 0xc0);
  const noHeader = join(good.subarray(0, header), good.subarray(header + 13));
  const noScan = tinyJpeg({ scans: [] });
  const emptyScan = tinyJpeg({ scans: [new Uint8Array()] });
  const twoHeaders = tinyJpeg({ before: [good.slice(header, header + 13)] });
  for (const bad of [noHeader, noScan, emptyScan, twoHeaders, join(SOI, EOI)]) {
    assert.deepEqual(splitAtOnce(bad, good).frames, [good]);
  }
});

Deno.test("splitter drops a frame larger than its bound and gives the next", () => {
  const good = tinyJpeg();
  const large = tinyJpeg({ scans: [new Uint8Array(300_000)] });
  const splitter = new FrameSplitter({ maxFrameBytes: 200_000 });
  const { frames, damaged } = split(join(good, large, good), [10_000], splitter);
  assert.deepEqual(frames, [good, good]);
  assert.equal(damaged, 1);
});

Deno.test("splitter holds no more than its bound of a frame that never ends", () => {
  const splitter = new FrameSplitter({ maxFrameBytes: 1 << 20 });
  splitter.push(tinyJpeg().subarray(0, -2));
  const chunk = new Uint8Array(1 << 20);
  const before = Deno.memoryUsage().external;
  for (let megabytes = 0; megabytes < 200; megabytes++) splitter.push(chunk);
  assert.ok(Deno.memoryUsage().external - before < 50 << 20);
  assert.equal(splitter.damaged, 1);
  assert.equal(splitter.push(tinyJpeg()).length, 1);
});

Deno.test("splitter gives frames that own their buffers", () => {
  const [one, two] = new FrameSplitter().push(join(tinyJpeg(), tinyJpeg()));
  for (const jpeg of [one, two]) assert.equal(jpeg.buffer.byteLength, jpeg.length);
  assert.notEqual(one.buffer, two.buffer);
});

Deno.test("splitter forgets an unfinished frame on reset, and does not count it", () => {
  const splitter = new FrameSplitter();
  const jpeg = tinyJpeg();
  splitter.push(jpeg.subarray(0, -2));
  splitter.reset();
  assert.deepEqual(splitter.push(join(EOI, jpeg)), [jpeg]);
  assert.equal(splitter.damaged, 0);
});
