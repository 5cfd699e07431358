import assert from "node:assert/strict";
import fc from "fast-check";
import { UnsupportedJpegError } from "../../../../src/errors.ts";
import {
  type Blocks,
  blocksOf,
  damageOf,
  jpegOf,
  reencode,
} from "../../../support/coefficient_blocks.ts";
import {
  headerSegments,
  join,
  positionOf,
  segment,
  withHeader,
  withoutTables,
} from "../../../support/jpegs.ts";
import {
  ALL_SAMPLINGS,
  cjpeg,
  decodeDamaged,
  decodePlanes,
  djpeg,
  pipe,
  psnr,
  sampleJpeg,
} from "../../../support/jpeg_samples.ts";

/** Blocks in a row of a sample without subsampling. */
const ACROSS = 40;

const SHAPES: readonly (readonly [h: number, v: number])[] = [[1, 1], [2, 1], [1, 2], [2, 2], [
  4,
  1,
]];

/** Mostly zeros, as in pictures, but every value that baseline can code. */
const blockArbitrary = fc.tuple(
  fc.integer({ min: -1024, max: 1023 }),
  fc.dictionary(
    fc.integer({ min: 1, max: 63 }).map(String),
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -1023, max: 1023 })),
    { maxKeys: 63 },
  ),
).map(([mean, others]) => {
  const block = new Int16Array(64);
  block[0] = mean;
  for (const [k, value] of Object.entries(others)) block[Number(k)] = value;
  return block;
});

const pictureArbitrary = fc.record({
  width: fc.integer({ min: 1, max: 70 }),
  height: fc.integer({ min: 1, max: 40 }),
  sampling: fc.constantFrom("grayscale", ...SHAPES),
  blocks: fc.array(blockArbitrary, { minLength: 1, maxLength: 12 }),
}).map(({ width, height, sampling, blocks }) => {
  const quantization = new Uint16Array(64).fill(1);
  const [h, v] = sampling === "grayscale" ? [1, 1] : sampling as [number, number];
  const one = { h: 1, v: 1, quantization };
  const shapes = sampling === "grayscale" ? [one] : [{ h, v, quantization }, one, one];
  const mcus = Math.ceil(width / (8 * h)) * Math.ceil(height / (8 * v));
  let next = 0;
  const filled: Blocks[] = shapes.map((shape) =>
    Array.from({ length: mcus * shape.h * shape.v }, () => blocks[next++ % blocks.length])
  );
  return { width, height, shapes, blocks: filled };
});

Deno.test("decoder returns whatever coefficients were encoded", () => {
  fc.assert(
    fc.property(pictureArbitrary, (picture) => {
      assert.deepEqual(blocksOf(jpegOf(picture)), picture.blocks);
    }),
    { numRuns: 150 },
  );
});

for (const sampling of ALL_SAMPLINGS) {
  Deno.test(`${sampling} at its own tables comes back bit for bit`, async () => {
    for (const [width, height] of [[320, 240], [301, 203], [8, 8], [1, 1], [33, 17]]) {
      const jpeg = await sampleJpeg({ sampling, width, height });
      const made = reencode(jpeg);
      assert.deepEqual(blocksOf(made), blocksOf(jpeg));
      // The same samples in decoders that share nothing with ours.
      assert.deepEqual(await djpeg(made), await djpeg(jpeg));
      // FFmpeg does not find the end of libjpeg's own tiny pictures.
      if (width > 100) assert.deepEqual(await decodePlanes(made), await decodePlanes(jpeg));
    }
  });

  Deno.test(`${sampling} in any order of scans and restarts gives the same coefficients`, async () => {
    const size = { sampling, width: 301, height: 203 };
    const expected = visible(await sampleJpeg(size));
    const scans = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(scans, sampling === "grayscale" ? "0;" : "0;2;1;");
      const ways = [
        ["-optimize"],
        ["-restart", "1"],
        ["-restart", "7B"],
        ["-scans", scans],
        ["-scans", scans, "-restart", "5B", "-optimize"],
      ];
      for (const cjpeg of ways) {
        const jpeg = await sampleJpeg({ ...size, cjpeg });
        assert.deepEqual(visible(jpeg), expected, cjpeg.join(" "));
        assert.deepEqual(await djpeg(reencode(jpeg)), await djpeg(jpeg), cjpeg.join(" "));
      }
    } finally {
      await Deno.remove(scans);
    }
  });
}

/** The blocks of 301x203 pixels that are no padding, which the scans of one component leave out. */
function visible(jpeg: Uint8Array): Int16Array[][] {
  const all = blocksOf(jpeg);
  const most = all.length === 1 ? [1, 1] : largest(jpeg);
  return all.map((blocks, c) => {
    const [h, v] = c === 0 ? most : [1, 1];
    const across = Math.ceil(Math.ceil(301 * h / most[0]) / 8);
    const down = Math.ceil(Math.ceil(203 * v / most[1]) / 8);
    const stride = Math.ceil(301 / (8 * most[0])) * h;
    return blocks.filter((_, i) => i % stride < across && i / stride < down);
  });
}

/** The luma sampling factors in the frame header. */
function largest(jpeg: Uint8Array): [number, number] {
  const at = positionOf(jpeg, 0xc0, 0xc1);
  return [jpeg[at + 11] >> 4, jpeg[at + 11] & 15];
}

Deno.test("decoder uses the standard tables where a frame has none", async () => {
  const jpeg = await sampleJpeg();
  assert.deepEqual(blocksOf(withoutTables(reencode(jpeg))), blocksOf(jpeg));
});

Deno.test("decoder takes fill bytes before markers", async () => {
  const jpeg = await sampleJpeg();
  const filled = withHeader(
    jpeg,
    headerSegments(jpeg).map((bytes) => join(Uint8Array.of(0xff, 0xff, 0xff), bytes)),
  );
  assert.ok(filled.length > jpeg.length);
  assert.deepEqual(blocksOf(filled), blocksOf(jpeg));
});

Deno.test("decoder takes quantisation tables of 16 bits", async () => {
  const jpeg = await sampleJpeg({ quality: 25 });
  const wide = reencode(withWideTables(jpeg, 3));
  assert.equal(wide[positionOf(wide, 0xc0, 0xc1) + 1], 0xc1);
  assert.deepEqual(blocksOf(wide), blocksOf(jpeg));
  const at = positionOf(wide, 0xdb);
  assert.equal(wide[at + 4] >> 4, 1);
  await djpeg(wide);
});

/** The same picture with quantisation tables `factor` times as coarse, in 16 bits. */
function withWideTables(jpeg: Uint8Array, factor: number): Uint8Array {
  const segments = headerSegments(jpeg).map((bytes) => {
    if (bytes[1] !== 0xdb) return bytes;
    const steps = Array.from(bytes.subarray(5), (step) => step * factor)
      .flatMap((step) => [step >> 8, step & 255]);
    return segment(0xdb, [0x10 | bytes[4], ...steps]);
  });
  return withHeader(jpeg, segments);
}

Deno.test("decoder shows the rows of a truncated frame that arrived", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale" });
  const whole = blocksOf(jpeg)[0];
  const scan = positionOf(jpeg, 0xda) + 8;
  const half = blocksOf(jpeg.subarray(0, scan + (jpeg.length - scan >> 1)))[0];
  const arrived = half.findIndex((block, i) => String(block) !== String(whole[i]));
  assert.ok(arrived > whole.length / 4 && arrived < whole.length * 3 / 4, `${arrived} blocks`);
  // The rest is flat, as bright as the block above.
  assert.ok(half.slice(arrived + 1).every((block) => block.slice(1).every((value) => value === 0)));
  for (let i = arrived + 1; i < half.length; i++) assert.equal(half[i][0], half[i - ACROSS][0]);
});

Deno.test("decoder resumes at the next restart marker after a short interval", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale", cjpeg: ["-restart", "1"] });
  const first = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xd0);
  const shortened = join(jpeg.subarray(0, first - 60), jpeg.subarray(first));
  assert.deepEqual(blocksOf(shortened)[0].slice(40), blocksOf(jpeg)[0].slice(40));
});

/** Where each restart marker of a frame is, in order. */
function restartMarkers(jpeg: Uint8Array): number[] {
  const scan = positionOf(jpeg, 0xda);
  return [...jpeg.keys()].filter((i) =>
    i > scan && jpeg[i] === 0xff && (jpeg[i + 1] & 0xf8) === 0xd0
  );
}

Deno.test("decoder puts rows in place if others are lost, and fills those from the row above", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale", cjpeg: ["-restart", "1"] });
  const whole = blocksOf(jpeg)[0];
  const markers = restartMarkers(jpeg);
  for (const [first, count] of [[0, 1], [3, 1], [3, 2], [10, 5], [7, 7]]) {
    const shortened = join(
      jpeg.subarray(0, markers[first]),
      jpeg.subarray(markers[first + count]),
    );
    const blocks = blocksOf(shortened)[0];
    const lost = [(first + 1) * ACROSS, (first + 1 + count) * ACROSS];
    assert.deepEqual(blocks.slice(0, lost[0]), whole.slice(0, lost[0]));
    assert.deepEqual(blocks.slice(lost[1]), whole.slice(lost[1]), `${count} lost`);
    for (let i = lost[0]; i < lost[1]; i++) {
      assert.deepEqual([...blocks[i]], [blocks[i - ACROSS][0], ...new Int16Array(63)]);
    }
    const row = count * ACROSS;
    assert.deepEqual(damageOf(shortened), { faults: 0, missing: row, cut: 0 });
  }
});

Deno.test("decoder puts any number of intervals in their place", async () => {
  const [width, height] = [2048, 1664];
  const head = new TextEncoder().encode(`P5 ${width} ${height} 255\n`);
  const jpeg = await cjpeg(join(head, new Uint8Array(width * height)), ["-restart", "1B"]);
  const markers = restartMarkers(jpeg);
  assert.equal(markers.length, width * height / 64 - 1);
  const shortened = join(jpeg.subarray(0, markers[9]), jpeg.subarray(markers[10]));
  assert.deepEqual(damageOf(shortened), { faults: 0, missing: 1, cut: 0 });
});

Deno.test("decoder is not misled by a damaged restart marker", async () => {
  const jpeg = await sampleJpeg({ cjpeg: ["-restart", "1"] });
  for (const number of [0, 2, 4, 5]) {
    const damaged = jpeg.slice();
    damaged[restartMarkers(jpeg)[1] + 1] = 0xd0 | number;
    assert.deepEqual(blocksOf(damaged), blocksOf(jpeg));
  }
});

Deno.test("decoder continues after codes that are not in the table", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale", cjpeg: ["-restart", "1"] });
  // Sixteen ones are no code of any table.
  jpeg.set([0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0], positionOf(jpeg, 0xda) + 60);
  const sound = await sampleJpeg({ sampling: "grayscale", cjpeg: ["-restart", "1"] });
  assert.deepEqual(blocksOf(jpeg)[0].slice(ACROSS), blocksOf(sound)[0].slice(ACROSS));
  assert.ok(damageOf(jpeg).faults > 0);
  assert.deepEqual(damageOf(sound), { faults: 0, missing: 0, cut: 0 });
});

Deno.test("decoder reads data whose stuffed zeros are damaged", async () => {
  const jpeg = await sampleJpeg({ sampling: "grayscale" });
  const scan = positionOf(jpeg, 0xda);
  const stuffed = jpeg.findIndex((byte, i) => i > scan && byte === 0xff && jpeg[i + 1] === 0);
  const damaged = jpeg.slice();
  damaged[stuffed + 1] = 0x20;
  assert.deepEqual(blocksOf(damaged), blocksOf(jpeg));
});

/** Damage to a frame's data: some of its bytes are lost or overwritten. */
const spoiling = fc.noBias(fc.record({
  at: fc.nat({ max: 0x7fffffff }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 1500, size: "max" }),
  isLoss: fc.boolean(),
}));

Deno.test("decoder shows every damaged frame that djpeg shows, and shows it as well", async () => {
  const samples = await Promise.all(
    [[], ["-restart", "1"], ["-restart", "4B"]].map((cjpeg) =>
      sampleJpeg({ sampling: "4:2:2", cjpeg })
    ),
  );
  const sounds = await Promise.all(samples.map(decodeDamaged));
  const differences: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 2 }), spoiling, async (which, { at, bytes, isLoss }) => {
      const [jpeg, sound] = [samples[which], sounds[which]!];
      const scan = positionOf(jpeg, 0xda) + 14;
      const from = scan + at % (jpeg.length - 2 - scan);
      const to = Math.min(from + bytes.length, jpeg.length - 2);
      const middle = isLoss ? new Uint8Array() : bytes.subarray(0, to - from);
      const damaged = join(jpeg.subarray(0, from), middle, jpeg.subarray(to));
      const theirs = await decodeDamaged(damaged);
      if (!theirs) return;
      const ours = (await decodeDamaged(reencode(damaged)))!;
      // Where little differs from the sound frame, the figures are about rounding.
      differences.push(Math.min(40, psnr(ours, sound)) - Math.min(40, psnr(theirs, sound)));
    }),
    { numRuns: 40 },
  );
  assert.ok(differences.length > 15, `${differences.length} shown by djpeg`);
  const mean = differences.reduce((sum, difference) => sum + difference) / differences.length;
  assert.ok(mean > 0, `${mean} dB`);
});

Deno.test("decoder refuses a header that asks for far more than its data can fill", async () => {
  const jpeg = await sampleJpeg({ width: 16, height: 16 });
  const at = positionOf(jpeg, 0xc0);
  // The largest picture that is taken: height 4320, width 7680.
  jpeg.set([0x10, 0xe0, 0x1e, 0x00], at + 5);
  assert.throws(() => blocksOf(jpeg), {
    name: "CorruptJpegError",
    message: /^Cannot decode JPEG: 7680x4320 pixels in \d+ bytes$/,
  });
  jpeg.set([0xff, 0xff, 0xff, 0xff], at + 5);
  assert.throws(() => blocksOf(jpeg), {
    message: "Cannot read JPEG: impossible size 65535x65535",
  });
});

Deno.test("decoder names the kinds of JPEG that it does not take", async () => {
  const baseline = await sampleJpeg();
  const at = positionOf(baseline, 0xc0);
  const patched = (offset: number, value: number) => {
    const jpeg = baseline.slice();
    jpeg[at + offset] = value;
    return jpeg;
  };
  const prefix = "Cannot transcode JPEG without pixels: ";
  const kinds: [Uint8Array, string][] = [
    [await sampleJpeg({ cjpeg: ["-progressive"] }), "progressive Huffman coding"],
    [await sampleJpeg({ cjpeg: ["-arithmetic"] }), "sequential arithmetic coding"],
    [await sampleJpeg({ cjpeg: ["-rgb"], sampling: "4:4:4" }), "red, green and blue components"],
    [patched(1, 0xc3), "lossless Huffman coding"],
    [patched(4, 12), "12 bits a sample"],
    [patched(14, 0x41), "brightness sampled less than colour"],
    [patched(11, 0x44), "more than 10 blocks in an MCU"],
  ];
  for (const [jpeg, kind] of kinds) {
    assert.throws(() => blocksOf(jpeg), new UnsupportedJpegError(prefix + kind));
  }
});

Deno.test("decoder is not misled by a comment that looks like a scan", async () => {
  // A comment with what looks like a scan in it.
  const jpeg = await sampleJpeg();
  const comment = Uint8Array.of(0xff, 0xfe, 0, 8, 0xff, 0xda, 0, 3, 1, 0xff);
  const commented = join(jpeg.subarray(0, 2), comment, jpeg.subarray(2));
  assert.deepEqual(blocksOf(commented), blocksOf(jpeg));
  await pipe("djpeg", [], commented);
});
