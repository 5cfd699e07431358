import assert from "node:assert/strict";
import type { EncodedFrame } from "../../../../src/consumers/encoder/encoder_run.ts";
import { concat } from "../../../../src/media/jpeg/concat.ts";
import { exifSegment } from "../../../../src/media/jpeg/exif.ts";
import { H264_RENDITIONS } from "../../../../src/media/h264/renditions.ts";
import { annexB, Encoding } from "../../../support/encoding.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { sampleJpeg, type Sampling } from "../../../support/jpeg_samples.ts";
import { noiseJpeg } from "../../../support/jpegs.ts";
import { until } from "../../../support/until.ts";

/** Decodes packets, without any error, to three bytes a pixel. */
async function decode(frames: readonly EncodedFrame[], filter = "null"): Promise<Uint8Array> {
  const path = await Deno.makeTempFile({ suffix: ".h264" });
  try {
    await Deno.writeFile(path, annexB(frames));
    const input = ["-err_detect", "explode", "-xerror", "-f", "h264", "-i", path];
    const colours = "scale=in_color_matrix=bt601,format=rgb24";
    const output = ["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"];
    return await ffmpeg(...input, "-vf", `${colours},${filter}`, ...output);
  } finally {
    await Deno.remove(path);
  }
}

/** The mean of each colour in each cell of a grid, by ffmpeg. */
async function meansOf(jpeg: Uint8Array): Promise<Uint8Array> {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  try {
    await Deno.writeFile(path, jpeg);
    const filter = `format=rgb24,${GRID}`;
    return await ffmpeg("-i", path, "-vf", filter, "-f", "rawvideo", "pipe:1");
  } finally {
    await Deno.remove(path);
  }
}

/** A JPEG of 64x32 pixels with four greys: 40, 100, 160 and 220. */
async function cornersJpeg(): Promise<Uint8Array<ArrayBuffer>> {
  const grey = "lum='40+60*(gt(X,31)+2*gt(Y,15))':cb=128:cr=128";
  const picture = `color=s=64x32,format=yuvj420p,geq=${grey}`;
  const output = ["-frames:v", "1", "-q:v", "2", "-f", "mjpeg", "pipe:1"];
  return new Uint8Array(await ffmpeg("-f", "lavfi", "-i", picture, ...output));
}

const GRID = "scale=4:4:flags=area";

Deno.test("encoder gives one access unit for each frame, which all decode", async () => {
  const jpegs = await Promise.all([0, 1, 2, 3].map((frame) => sampleJpeg({ frame })));
  await using encoding = new Encoding({ jpeg: jpegs[0] });
  for (let i = 0; i < 60; i++) {
    const { sequence, at, isKey } = await encoding.encode(jpegs[i % 4], { isKey: i === 20 });
    assert.deepEqual([sequence, at, isKey], [i + 1, 1e12 + i + 1, i === 0 || i === 20]);
  }
  assert.equal(encoding.frames.length, 60);
  assert.equal((await decode(encoding.frames)).length, 60 * 320 * 240 * 3);
  const { codec, width, height } = encoding.frames[0].configuration;
  assert.match(codec, /^avc1\.6400[01][0-9a-f]$/);
  assert.deepEqual([width, height], [320, 240]);
});

Deno.test("encoder can be entered at any key", async () => {
  const jpeg = await sampleJpeg();
  await using encoding = new Encoding({ jpeg });
  for (let i = 0; i < 12; i++) await encoding.encode(jpeg, { isKey: i === 5 });
  assert.equal((await decode(encoding.frames.slice(5))).length, 7 * 320 * 240 * 3);
});

for (
  const [width, height, scale, expected] of [
    [319, 237, 1, [318, 236]],
    [320, 240, 0.5, [160, 120]],
    [319, 237, 0.5, [160, 118]],
    [33, 17, 0.5, [16, 8]],
  ] as const
) {
  Deno.test(`encoder gives ${expected.join("x")} for ${width}x${height} at ${scale}`, async () => {
    const jpeg = await sampleJpeg({ width, height });
    const rendition = H264_RENDITIONS.find((one) => one.scale === scale);
    await using encoding = new Encoding({ jpeg, rendition });
    const { configuration } = await encoding.encode(jpeg);
    assert.deepEqual([configuration.width, configuration.height], expected);
    assert.equal((await decode(encoding.frames)).length, expected[0] * expected[1] * 3);
  });
}

/** Where each corner of the picture, counted in rows, is shown: by Exif's orientation. */
const CORNERS = [
  ...[[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1]],
  ...[[0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2]],
];

for (const [i, corners] of CORNERS.entries()) {
  const orientation = i + 1;
  Deno.test(`encoder turns frames as Exif asks for: orientation ${orientation}`, async () => {
    const upright = await cornersJpeg();
    const jpeg = concat(upright.subarray(0, 2), exifSegment(orientation), upright.subarray(2));
    await using encoding = new Encoding({ jpeg });
    const { configuration: { width, height } } = await encoding.encode(jpeg);
    assert.deepEqual([width, height], orientation < 5 ? [64, 32] : [32, 64]);
    const grey = await decode(encoding.frames, "format=gray,scale=2:2:flags=area");
    const expected = corners.map((corner) => 40 + 60 * corner);
    grey.forEach((value, i) => {
      assert(Math.abs(value - expected[i]) < 25, `${[...grey]} for ${expected}`);
    });
  });
}

for (const rendition of [H264_RENDITIONS[0], H264_RENDITIONS[2]]) {
  for (
    const [sampling, cjpeg] of [
      ["4:2:0", []],
      ["4:2:2", []],
      ["4:4:4", []],
      ["grayscale", []],
      ["4:2:0", ["-progressive"]],
    ] as [Sampling, string[]][]
  ) {
    const name = [sampling, ...cjpeg, "at", rendition.scale].join(" ");
    Deno.test(`encoder keeps the colours of a JPEG: ${name}`, async () => {
      const jpeg = await sampleJpeg({ sampling, cjpeg });
      await using encoding = new Encoding({ jpeg, rendition });
      for (let i = 0; i < 5; i++) await encoding.encode(jpeg);
      const expected = await meansOf(jpeg);
      const found = (await decode(encoding.frames, GRID)).slice(-expected.length);
      found.forEach((value, i) => {
        assert(Math.abs(value - expected[i]) <= 3, `${i}: ${value} for ${expected[i]}`);
      });
    });
  }
}

Deno.test("encoder takes frames of other sampling, as those of a card, one for one", async () => {
  const samplings: Sampling[] = ["4:2:2", "4:2:0", "grayscale", "4:2:2", "4:4:4"];
  const jpegs = await Promise.all(samplings.map((sampling) => sampleJpeg({ sampling })));
  await using encoding = new Encoding({ jpeg: jpegs[0] });
  for (let i = 0; i < 30; i++) {
    const jpeg = jpegs[Math.floor(i / 3) % jpegs.length];
    const { sequence, isKey } = await encoding.encode(jpeg, { isKey: i === 4 });
    assert.deepEqual([sequence, isKey], [i + 1, i === 0 || i === 4]);
  }
  assert.equal((await decode(encoding.frames)).length, 30 * 320 * 240 * 3);
});

Deno.test("encoder goes on after frames that cannot be decoded, and owes their key", async () => {
  const jpeg = await sampleJpeg();
  const damaged = jpeg.slice();
  damaged.fill(0, 20);
  await using encoding = new Encoding({ jpeg });
  await encoding.encode(jpeg);
  encoding.give(damaged, { isKey: true });
  assert.equal((await encoding.encode(jpeg)).isKey, false);
  assert.equal(encoding.dropped, 1);
  assert.equal(encoding.run.hasKey, true);
  const { sequence, isKey } = await encoding.encode(jpeg);
  assert.deepEqual([sequence, isKey], [4, true]);
});

Deno.test("encoder holds three frames at most; then the newest one wins, with the key of the others", async () => {
  const jpeg = await sampleJpeg();
  await using encoding = new Encoding({ jpeg });
  for (let i = 1; i <= 10; i++) encoding.give(jpeg, { isKey: i === 6 });
  assert.equal(encoding.dropped, 6);
  await until("four frames", () => encoding.frames.length === 4);
  const found = encoding.frames.map(({ sequence, isKey }) => [sequence, isKey]);
  assert.deepEqual(found, [[1, true], [2, false], [3, false], [10, true]]);
});

Deno.test("encoder keeps frames and keys in step for two hours", async () => {
  const jpeg = noiseJpeg(32, 32);
  await using encoding = new Encoding({ jpeg });
  for (let i = 0; i < 7200; i += 8) {
    // Some frames a second, as a slow camera gives, and odd milliseconds.
    const { sequence, isKey } = await encoding.encode(jpeg, { isKey: i % 40 === 0, after: 8001 });
    assert.deepEqual([sequence, isKey], [i / 8 + 1, i % 40 === 0]);
  }
  assert(encoding.now > 7_200_000);
});

Deno.test("encoder keeps frames and keys in step when FLV's timestamps begin again", async () => {
  const jpeg = noiseJpeg(32, 32);
  await using encoding = new Encoding({ jpeg });
  await encoding.encode(jpeg);
  encoding.now = 2 ** 31 - 300;
  for (let i = 0; i < 30; i++) {
    assert.equal((await encoding.encode(jpeg, { isKey: i % 7 === 0 })).isKey, i % 7 === 0);
  }
});

Deno.test("encoder keeps to its bit rate, and key frames to about 40 kB", async () => {
  const jpegs = await Promise.all(
    [0, 10, 20, 30, 40, 50].map((frame) => sampleJpeg({ width: 640, height: 480, frame })),
  );
  await using encoding = new Encoding({ jpeg: jpegs[0] });
  for (let i = 0; i < 150; i++) {
    await encoding.encode(jpegs[i % jpegs.length], { isKey: i % 30 === 0 });
  }
  const bytes = encoding.frames.reduce((sum, { data }) => sum + data.length, 0);
  assert(8 * bytes / 5 < 1.15 * 2_500_000, `${8 * bytes / 5} bit/s`);
  for (const { isKey, data } of encoding.frames.slice(1)) {
    if (isKey) assert(data.length < 60_000, `${data.length} bytes`);
  }
});
