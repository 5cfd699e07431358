import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameSplitter } from "../../../src/producers/ffmpeg/splitter.ts";
import { cpuTime } from "../../support/cpu_time.ts";
import { join, noiseJpeg, segment, tinyJpeg } from "../../support/jpegs.ts";

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
  return { frames, damaged: splitter.damaged, oversized: splitter.oversized };
}

function splitAtOnce(...parts: Uint8Array[]) {
  const stream = join(...parts);
  return split(stream, [stream.length]);
}

Deno.test("splitter gives the same frames whatever the chunks", () => {
  fc.assert(fc.property(fc.array(frame, { maxLength: 5 }), cuts, (frames, lengths) => {
    const expected = { frames, damaged: 0, oversized: 0 };
    assert.deepEqual(split(join(...frames), lengths), expected);
    assert.deepEqual(splitAtOnce(...frames), expected);
  }));
});

Deno.test("splitter passes over garbage before, between and after frames", () => {
  const pairs = fc.array(fc.tuple(frame, garbage), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(garbage, pairs, cuts, (head, pairs, lengths) => {
    const stream = join(head, ...pairs.flat());
    const frames = pairs.map(([frame]) => frame);
    assert.deepEqual(split(stream, lengths), { frames, damaged: 0, oversized: 0 });
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
        // Cut before EOI, behind the first marker: SOI alone is as good as garbage.
        const kept = broken.subarray(0, 4 + cut % (broken.length - 5));
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
      jpeg[at] !== 0xff || jpeg[at + 1] < 0xc0 || jpeg[at + 1] === 0xff ||
      (jpeg[at + 1] & 0xf8) === 0xd0
    ) {
      at++;
      assert.ok(at < jpeg.length, "the scan goes on beyond the frame");
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
  assert.deepEqual(splitAtOnce(jpeg, jpeg), { frames: [jpeg, jpeg], damaged: 0, oversized: 0 });
});

Deno.test("splitter never gives the thumbnail of a damaged frame", () => {
  const thumbnail = tinyJpeg({ width: 8, height: 8 });
  const damaged = join(SOI, segment(0xe1, join(thumbnail, new Uint8Array(99))).subarray(0, -50));
  const good = tinyJpeg();
  assert.deepEqual(splitAtOnce(good, damaged, good).frames, [good, good]);
});

Deno.test("splitter drops a frame whose scan header goes on into the zeros behind it", () => {
  const good = tinyJpeg();
  const wild = tinyJpeg({ scans: [Uint8Array.of(1, 2), Uint8Array.of(3, 4)] });
  const header = wild.findLastIndex((byte, i) => byte === 0xff && wild[i + 1] === 0xda);
  wild[header + 3] = 0xfe;
  const { frames, damaged } = splitAtOnce(good, wild, new Uint8Array(0x10000), good);
  assert.deepEqual(frames, [good, good]);
  assert.equal(damaged, 1);
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

/** What cameras and drivers put between frames, all of it harmless. */
const JUNK: Readonly<Record<string, Uint8Array>> = {
  "nothing": new Uint8Array(),
  "a second SOI": SOI,
  "a second SOI behind a fill byte": join(SOI, Uint8Array.of(0xff)),
  "three more": join(SOI, SOI, SOI),
  "a second EOI": EOI,
  "two more": join(EOI, EOI),
  "zeros": new Uint8Array(4096),
  "fill bytes": new Uint8Array(100).fill(0xff),
  "a segment before SOI": segment(0xe0, new TextEncoder().encode("AVI1\0\0\0\0")),
  "a comment before SOI": segment(0xfe, [0xff, 0xd9, 0xff]),
  "restart markers": Uint8Array.of(0xff, 0xd0, 0xff, 0xd7),
  "headers of a part": new TextEncoder().encode("\r\n--b\r\nContent-Type: image/jpg\r\n\r\n"),
};

Deno.test("splitter counts no damage where there is junk between whole frames", () => {
  for (const [name, junk] of Object.entries(JUNK)) {
    const frames = Array.from({ length: 4 }, (_, i) => tinyJpeg({ width: 64 + i }));
    const stream = join(...frames.flatMap((frame) => [junk, frame]), junk);
    for (const cuts of [[1], [stream.length]]) {
      assert.deepEqual(split(stream, cuts), { frames, damaged: 0, oversized: 0 }, name);
    }
  }
});

/** Frames that differ, as cameras send them that leave EOI out. */
function framesWithoutEoi(count: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, seed) => noiseJpeg(64, 48, { seed }).slice(0, -2));
}

/** What ffmpeg writes for packets. */
function packets(...contents: Uint8Array[]): Uint8Array {
  const text = new TextEncoder();
  const parts = contents.flatMap((content) => [
    text.encode(`Content-type: image/jpeg\r\nContent-length: ${content.length}\r\n\r\n`),
    content,
    text.encode("\r\n--ffmpeg\r\n"),
  ]);
  return join(text.encode("--ffmpeg\r\n"), ...parts);
}

Deno.test("splitter adds EOI where a frame has none", () => {
  const bare = framesWithoutEoi(3);
  const frames = bare.map((frame) => join(frame, EOI));
  for (const cuts of [[1], [70], [1 << 20]]) {
    const last = tinyJpeg();
    assert.deepEqual(split(join(...bare, last), cuts), {
      frames: [...frames, last],
      ...{ damaged: 0, oversized: 0 },
    });
    const padded = bare.map((frame) => join(frame, new Uint8Array(500)));
    for (const contents of [bare, padded, frames]) {
      const { frames: given, damaged } = split(packets(...contents), cuts);
      assert.deepEqual(given.map(withoutZeros), frames);
      assert.equal(damaged, 0);
    }
  }
});

/** A frame without the few zeros that may be left before its EOI. */
function withoutZeros(jpeg: Uint8Array): Uint8Array {
  let end = jpeg.length - 2;
  while (jpeg[end - 1] === 0) end--;
  return join(jpeg.subarray(0, end), EOI);
}

Deno.test("splitter gives a frame without EOI as soon as its packet ends", () => {
  const [first, second] = framesWithoutEoi(2);
  const splitter = new FrameSplitter();
  assert.deepEqual(splitter.push(packets(first)), [join(first, EOI)]);
  const next = packets(second).subarray("--ffmpeg\r\n".length);
  assert.deepEqual(splitter.push(next.subarray(0, -1)), []);
  assert.deepEqual(splitter.push(next.subarray(-1)), [join(second, EOI)]);
});

Deno.test("splitter drops a frame that was cut, and gives those without EOI around it", () => {
  const bare = framesWithoutEoi(4);
  const [first, second, third] = bare.map((frame) => join(frame, EOI));
  const half = bare[3].subarray(0, bare[3].length >> 1);
  for (const stream of [join(first, half, bare[1], third), packets(first, half, bare[1], third)]) {
    const { frames, damaged } = split(stream, [stream.length]);
    assert.deepEqual(frames, [first, second, third]);
    assert.equal(damaged, 1);
  }
});

Deno.test("splitter loses no more than the packet that ends in a segment", () => {
  const good = tinyJpeg();
  // The segment's length reaches far into the next packet.
  const broken = join(SOI, segment(0xe1, new Uint8Array(9000))).subarray(0, 200);
  const { frames, damaged } = split(packets(good, broken, good, good), [good.length + 400, 1]);
  assert.deepEqual(frames, [good, good, good]);
  assert.equal(damaged, 1);
});

Deno.test("splitter gives the first whole frame after one that was cut in a segment behind its scan", () => {
  const [bare] = framesWithoutEoi(1);
  const whole = join(bare, EOI);
  const broken = join(bare.subarray(0, bare.length >> 1), Uint8Array.of(0xff, 0xe1, 0xff, 0xff));
  const splitter = new FrameSplitter();
  assert.deepEqual(splitter.push(packets(broken)), []);
  assert.deepEqual(splitter.push(packets(whole)), [whole]);
});

/** What a frame may have beyond four bytes a pixel, and up to its frame header. */
const METADATA = 1 << 20;

/** A frame of exactly this number of bytes. */
function frameOf(bytes: number, size: { width: number; height: number }) {
  const { length } = tinyJpeg({ ...size, scans: [new Uint8Array(1)] });
  return tinyJpeg({ ...size, scans: [new Uint8Array(bytes - length + 1)] });
}

/** Segments of this number of bytes in all. */
function metadata(bytes: number): Uint8Array[] {
  const whole = Math.ceil(bytes / 60_000) - 1;
  const segments = Array.from({ length: whole }, () => segment(0xe2, new Uint8Array(59_996)));
  return [...segments, segment(0xfe, new Uint8Array(bytes - whole * 60_000 - 4))];
}

const CHUNK = [1 << 16];

for (
  const [width, height, most] of [
    [64, 48, 64 * 48 * 4 + METADATA],
    [1280, 720, 1280 * 720 * 4 + METADATA],
    [3840, 2160, 32 << 20],
    [7680, 4320, 32 << 20],
  ]
) {
  Deno.test(`splitter takes a frame of ${width}x${height} of ${most} bytes, and none larger`, () => {
    const good = tinyJpeg();
    const largest = frameOf(most, { width, height });
    const larger = frameOf(most + 1, { width, height });
    const { frames, damaged, oversized } = split(join(good, largest, larger, good), CHUNK);
    assert.deepEqual(frames.map(({ length }) => length), [good.length, most, good.length]);
    assert.deepEqual([damaged, oversized], [0, 1]);
  });
}

Deno.test("splitter takes 1 MiB before the frame header, and no more", () => {
  const good = tinyJpeg();
  const table = 2 + 2 + 65;
  const header = 2 + 11;
  const most = METADATA - 2 - table - header;
  const fits = tinyJpeg({ before: metadata(most) });
  const tooMuch = tinyJpeg({ before: metadata(most + 1) });
  for (const cuts of [CHUNK, [1000], [fits.length + tooMuch.length + 2 * good.length]]) {
    const { frames, damaged, oversized } = split(join(good, fits, tooMuch, good), cuts);
    assert.deepEqual(frames.map(({ length }) => length), [good.length, fits.length, good.length]);
    assert.deepEqual([damaged, oversized], [0, 1]);
  }
});

Deno.test("splitter gives no picture from inside of a frame that is too large", () => {
  const good = tinyJpeg();
  const thumbnail = segment(0xe1, tinyJpeg({ width: 8, height: 8 }));
  const thumbnails = Array.from({ length: 20 }, () => [...metadata(60_000), thumbnail]).flat();
  const large = tinyJpeg({ before: thumbnails });
  const { frames, oversized } = split(join(good, large, good), CHUNK);
  assert.deepEqual(frames, [good, good]);
  assert.equal(oversized, 1);
});

Deno.test("splitter drops a frame of more pixels than 8K has", () => {
  const good = tinyJpeg();
  const wild = [[65535, 65535], [7681, 4320], [65535, 507], [1, 0]].map(([width, height]) =>
    tinyJpeg({ width, height })
  );
  const { frames, damaged, oversized } = splitAtOnce(good, ...wild, good);
  assert.deepEqual(frames, [good, good]);
  // A height of 0 means that it follows the scan, which no camera does.
  assert.deepEqual([damaged, oversized], [1, 3]);
});

Deno.test("splitter finds the next frame though one that is too large breaks off", () => {
  const good = tinyJpeg();
  const brokenOff = [
    frameOf(3 << 20, { width: 64, height: 48 }).subarray(0, -2),
    join(SOI, ...metadata(3 << 20)).subarray(0, -30_000),
  ];
  for (const broken of brokenOff) {
    const { frames, damaged, oversized } = split(
      join(good, broken, good, good, beyondAnyLength),
      CHUNK,
    );
    assert.deepEqual(frames.at(-1), good);
    assert.ok(frames.length >= 2);
    assert.deepEqual([damaged, oversized], [0, 1]);
  }
});

Deno.test("splitter holds nothing of a frame that never ends", () => {
  for (const begin of [tinyJpeg().subarray(0, -2), SOI]) {
    const splitter = new FrameSplitter();
    splitter.push(begin);
    const chunk = new Uint8Array(1 << 20);
    // Endless segments without a frame header.
    if (begin === SOI) {
      for (let at = 0; at < chunk.length; at += 16) chunk.set([0xff, 0xe2, 0, 14], at);
    }
    const before = Deno.memoryUsage().external;
    for (let megabytes = 0; megabytes < 200; megabytes++) splitter.push(chunk);
    assert.ok(Deno.memoryUsage().external - before < 20 << 20);
    assert.deepEqual([splitter.damaged, splitter.oversized], [0, 1]);
    assert.equal(splitter.push(join(EOI, tinyJpeg())).length, 1);
  }
});

/** Streams that make a careless parser look at its bytes again and again. */
const WILD: Readonly<Record<string, (bytes: number) => Uint8Array>> = {
  "one frame without end": (bytes) =>
    join(tinyJpeg({ width: 7680, height: 4320 }).subarray(0, -2), new Uint8Array(bytes)),
  "0xFF alone": (bytes) => new Uint8Array(bytes).fill(0xff),
  "0xFF alone in a scan": (bytes) =>
    join(tinyJpeg({ width: 7680, height: 4320 }).subarray(0, -2), new Uint8Array(bytes).fill(0xff)),
  "stuffing alone": (bytes) =>
    join(tinyJpeg({ width: 7680, height: 4320 }).subarray(0, -2), repeat([0xff, 0], bytes)),
  "beginnings alone": (bytes) => repeat([0xff, 0xd8], bytes),
  "beginnings and fill bytes": (bytes) => repeat([0xff, 0xd8, 0xff, 0xff], bytes),
  "beginnings of long segments": (bytes) => repeat([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff], bytes),
  "beginnings of long tables": (bytes) => repeat([0xff, 0xd8, 0xff, 0xdb, 0xff, 0xff], bytes),
  "long tables that are none": (bytes) =>
    repeat([...[0xff, 0xd8, 0xff, 0xdb, 0xff, 0xff], ...new Uint8Array(0xfff0)], bytes),
  "segments of no bytes": (bytes) => repeat([0xff, 0xe1, 0, 2], bytes),
  "frames cut after their header": (bytes) => repeat(tinyJpeg().subarray(0, -6), bytes),
  "frames that are too large by one byte": (bytes) =>
    repeat(frameOf(64 * 48 * 4 + METADATA + 1, { width: 64, height: 48 }), bytes),
  "frames of 2 MiB": (bytes) => repeat(frameOf(2 << 20, { width: 1280, height: 720 }), bytes),
};

function repeat(pattern: ArrayLike<number>, bytes: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes / pattern.length) * pattern.length);
  for (let at = 0; at < whole.length; at += pattern.length) whole.set(pattern, at);
  return whole;
}

/** How many bytes a run moves from one place to another. */
function bytesMoved(run: () => void): number {
  const { set, slice, copyWithin } = Uint8Array.prototype;
  let moved = 0;
  const count = (bytes: number) => void (moved += bytes);
  Object.assign(Uint8Array.prototype, {
    set(this: Uint8Array, from: ArrayLike<number>, at?: number) {
      count(from.length);
      set.call(this, from, at);
    },
    slice(this: Uint8Array, start = 0, end = this.length) {
      count(end - start);
      return slice.call(this, start, end);
    },
    copyWithin(this: Uint8Array, to: number, start: number, end = this.length) {
      count(end - start);
      return copyWithin.call(this, to, start, end);
    },
  });
  try {
    run();
  } finally {
    Object.assign(Uint8Array.prototype, { set, slice, copyWithin });
  }
  return moved;
}

for (const [what, make] of Object.entries(WILD)) {
  Deno.test(`splitter's work grows with the bytes and no faster: ${what}`, () => {
    for (const bytes of [1 << 20, 8 << 20]) {
      const stream = make(bytes);
      for (const cuts of [CHUNK, [4_000]]) {
        const start = cpuTime();
        const moved = bytesMoved(() => void split(stream, cuts));
        const elapsed = cpuTime() - start;
        // Into its buffer, out of it, and twice on average as that fills or grows.
        assert.ok(moved < 5 * stream.length, `${moved} bytes moved of ${stream.length}`);
        // 100 MB/s at least; a slow machine has ten times as long.
        assert.ok(elapsed < stream.length / 10_000 + 100, `${elapsed} ms for ${stream.length}`);
      }
    }
  });
}

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
