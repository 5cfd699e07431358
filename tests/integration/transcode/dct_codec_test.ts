import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  type Rendition,
  type RenditionFields,
  SCALES,
  SOURCE,
} from "../../../src/media/rendition.ts";
import { insertHuffmanTables } from "../../../src/media/jpeg/dht.ts";
import { exifSegment, orientationOf } from "../../../src/media/jpeg/exif.ts";
import { STANDARD_TABLES } from "../../../src/media/jpeg/huffman.ts";
import { readSegments } from "../../../src/media/jpeg/segments.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { ImageScriptCodec } from "../../../src/transcode/imagescript_codec.ts";
import { ffmpeg } from "../../support/ffmpeg.ts";
import { join, withoutTables } from "../../support/jpegs.ts";
import {
  ALL_SAMPLINGS,
  cjpeg,
  decodePlanes,
  decodeRgb,
  djpeg,
  pipe,
  psnr,
  type Rgb,
  sampleJpeg,
  type Sampling,
  SAMPLINGS,
} from "../../support/jpeg_samples.ts";
import { FrameSplitter } from "../../../src/producers/ffmpeg/splitter.ts";

/** The qualities that the bandwidth controller and Gaming mode choose from. */
const LADDER = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

const codec = new DctCodec();
const reference = new ImageScriptCodec();

function rendition(change: Partial<RenditionFields> = {}): Rendition {
  return SOURCE.with({ quality: 50, ...change });
}

function make(jpeg: Uint8Array<ArrayBuffer>, change: Partial<RenditionFields> = {}) {
  return codec.transcode(jpeg, [rendition(change)]).outputs[0];
}

for (const sampling of ALL_SAMPLINGS) {
  Deno.test(`${sampling} looks as good as pixels encoded anew to as many bytes`, async () => {
    const jpeg = await sampleJpeg({ sampling, quality: 92 });
    const truth = await decodePlanes(jpeg);
    const anew = await pixelReencodes(jpeg, sampling, truth);
    for (const quality of [10, 20, 35, 50, 65, 80, 90]) {
      const made = make(jpeg, { quality });
      const decibels = psnr(await decodePlanes(made), truth);
      const equal = atBytes(anew, made.length);
      assert.ok(
        decibels >= equal - 0.5,
        `quality ${quality}: ${decibels} dB, pixels ${equal} dB in ${made.length} bytes`,
      );
    }
  });
}

interface Measured {
  readonly bytes: number;
  readonly decibels: number;
}

/** What decoding to pixels and encoding again costs and gives, over all qualities. */
async function pixelReencodes(
  jpeg: Uint8Array,
  sampling: Sampling,
  truth: Uint8Array,
): Promise<Measured[]> {
  const ppm = await djpeg(jpeg);
  const colour = sampling === "grayscale" ? ["-grayscale"] : ["-sample", SAMPLINGS[sampling]];
  const points: Measured[] = [];
  // Not at the source's own quality, where pixels too give back the coefficients as they are.
  for (const quality of [6, 10, 14, 20, 27, 35, 42, 50, 57, 65, 72, 80, 85, 90]) {
    const made = await cjpeg(ppm, ["-baseline", "-quality", String(quality), ...colour]);
    points.push({ bytes: made.length, decibels: psnr(await decodePlanes(made), truth) });
  }
  return points;
}

/** The quality in dB at a size, between the two points next to it; the last one's beyond it. */
function atBytes(points: readonly Measured[], bytes: number): number {
  const next = points.findIndex((point) => point.bytes >= bytes);
  assert.notEqual(next, 0, `${bytes} bytes are fewer than what was measured`);
  if (next < 0) return points[points.length - 1].decibels;
  const [a, b] = [points[next - 1], points[next]];
  return a.decibels + (b.decibels - a.decibels) * (bytes - a.bytes) / (b.bytes - a.bytes);
}

for (const sampling of ALL_SAMPLINGS) {
  Deno.test(`${sampling} of any size opens everywhere, at every scale`, async () => {
    for (const [width, height] of [[320, 240], [333, 101], [16, 8], [9, 33], [1, 1]]) {
      const jpeg = await sampleJpeg({ sampling, width, height });
      const wanted = SCALES.map((scale) => rendition({ scale, quality: 60 }));
      const { luma, outputs } = codec.transcode(jpeg, wanted);
      assert.deepEqual([luma.width, luma.height], [Math.ceil(width / 8), Math.ceil(height / 8)]);
      for (const [i, output] of outputs.entries()) {
        const pixels = await decodeRgb(output);
        const size = [width, height].map((length) => Math.ceil(length * SCALES[i]));
        assert.deepEqual([pixels.width, pixels.height], size);
        await reference.transcode(output, []);
        // FFmpeg does not find the end of libjpeg's tiny pictures; copies of them are not ours.
        if (!Buffer.from(output).equals(jpeg)) await opensInFfmpeg(output);
      }
    }
  });

  Deno.test(`${sampling} at half size looks like the mean of each four pixels, and smaller like that again`, async () => {
    for (const [width, height] of [[320, 240], [333, 205]]) {
      const jpeg = await sampleJpeg({ sampling, width, height, quality: 95 });
      const half = await decodeRgb(make(jpeg, { scale: 0.5, quality: "source" }));
      let truth = halved(await decodeRgb(jpeg));
      const decibels = psnr(half.data, truth.data);
      assert.ok(decibels > 32, `${width}x${height}: ${decibels} dB`);
      for (const scale of [0.25, 0.125] as const) {
        truth = halved(truth);
        const small = await decodeRgb(make(jpeg, { scale, quality: "source" }));
        const decibels = psnr(small.data, truth.data);
        assert.ok(decibels > 30, `${width}x${height} at ${scale}: ${decibels} dB`);
      }
    }
  });
}

async function opensInFfmpeg(jpeg: Uint8Array): Promise<void> {
  const strict = ["-hide_banner", "-v", "warning", "-xerror", "-f", "mjpeg", "-i", "-"];
  await pipe("ffmpeg", [...strict, "-f", "null", "-"], jpeg);
}

/** As a reader would do it: the last row and column are repeated where their number is odd. */
function halved({ width, height, data }: Rgb): Rgb {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const at = (x: number, y: number, i: number) =>
    data[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 3 + i];
  const made = new Uint8Array(half.width * half.height * 3);
  for (let to = 0; to < made.length; to++) {
    const i = to % 3;
    const x = 2 * (Math.floor(to / 3) % half.width);
    const y = 2 * Math.floor(to / 3 / half.width);
    made[to] = Math.round(
      (at(x, y, i) + at(x + 1, y, i) + at(x, y + 1, i) + at(x + 1, y + 1, i)) / 4,
    );
  }
  return { ...half, data: made };
}

Deno.test("codec opens 300 real frames at every quality of the ladder without a complaint", async () => {
  const street = new URL("../../support/street.mp4", import.meta.url).pathname;
  const camera = ["-pix_fmt", "yuvj422p", "-q:v", "4", "-huffman", "default"];
  const clip = await ffmpeg("-i", street, "-vf", "scale=384:288", ...camera, "-f", "mjpeg", "-");
  const frames = new FrameSplitter().push(clip);
  assert.equal(frames.length, 300);
  const made: Uint8Array[] = [];
  for (const frame of frames) {
    const wanted = LADDER.map((quality) => rendition({ quality }));
    const { outputs } = codec.transcode(frame, wanted);
    outputs.forEach((output, i) => {
      assert.ok(output.length <= frame.length);
      assert.ok(i === 0 || output.length >= outputs[i - 1].length);
    });
    made.push(...outputs);
  }
  const strict = ["-hide_banner", "-v", "warning", "-xerror", "-f", "mjpeg", "-i", "-"];
  const hashes = await pipe("ffmpeg", [...strict, "-f", "framemd5", "-"], join(...made));
  const lines = new TextDecoder().decode(hashes).split("\n").filter((line) => /^\d/.test(line));
  assert.equal(lines.length, frames.length * LADDER.length);
  // libjpeg-turbo takes one picture a run: every 100th.
  for (let i = 0; i < made.length; i += 100) await djpeg(made[i]);
});

Deno.test("no output is larger than a source that shows the same", async () => {
  for (const cjpegArguments of [[], ["-optimize"]]) {
    for (const quality of [30, 50, 75]) {
      const jpeg = await sampleJpeg({ quality, cjpeg: cjpegArguments });
      for (const wanted of [...LADDER, 1, 49, 51, 74, 76]) {
        assert.ok(make(jpeg, { quality: wanted }).length <= jpeg.length, `${wanted} of ${quality}`);
      }
      assert.deepEqual(make(jpeg, { quality: 100 }), jpeg);
    }
  }
});

Deno.test("source is the camera's own bytes in a buffer of their own", async () => {
  const jpeg = await sampleJpeg();
  const [output] = codec.transcode(jpeg, [SOURCE]).outputs;
  assert.deepEqual(output, jpeg);
  assert.notEqual(output.buffer, jpeg.buffer);
});

Deno.test("a copy of a source without Huffman tables brings them along", async () => {
  const jpeg = await sampleJpeg({ quality: 50 });
  const bare = withoutTables(jpeg);
  const output = make(bare, { quality: 100 });
  assert.deepEqual(output, insertHuffmanTables(bare));
  await djpeg(output);
});

Deno.test("luma plane is the mean brightness of each block", async () => {
  for (const sampling of ALL_SAMPLINGS) {
    const jpeg = await sampleJpeg({ sampling, width: 333, height: 101 });
    const { luma } = codec.transcode(jpeg, []);
    const expected = (await reference.transcode(jpeg, [])).luma;
    assert.deepEqual([luma.width, luma.height], [expected.width, expected.height]);
    let most = 0;
    for (let y = 0; y < luma.height - 1; y++) {
      for (let x = 0; x < luma.width - 1; x++) {
        const i = y * luma.width + x;
        most = Math.max(most, Math.abs(luma.data[i] - expected.data[i]));
      }
    }
    // Colours that RGB cannot show come back from pixels a little off.
    assert.ok(most <= 4, `${sampling}: ${most}`);
  }
});

Deno.test("orientation, colour profile and pixel density are kept, all else is dropped", async () => {
  const jpeg = await sampleJpeg();
  const profile = Uint8Array.of(
    ...[0xff, 0xe2, 0, 18, ...new TextEncoder().encode("ICC_PROFILE\0"), 1, 1, 42, 43],
  );
  const comment = Uint8Array.of(0xff, 0xfe, 0, 7, ...new TextEncoder().encode("MAKER"));
  const note = Uint8Array.of(0xff, 0xec, 0, 7, ...new TextEncoder().encode("MAKER"));
  const source = join(
    jpeg.subarray(0, 20),
    exifSegment(6),
    profile,
    comment,
    note,
    jpeg.subarray(20),
  );
  source.set([1, 0, 72, 0, 36], 13);
  const { app } = readSegments(make(source), STANDARD_TABLES);
  assert.deepEqual(app.map(({ marker }) => marker), [0xe0, 0xe1, 0xe2]);
  assert.deepEqual([...app[0].payload.subarray(7, 12)], [1, 0, 72, 0, 36]);
  assert.equal(orientationOf(app), 6);
  assert.deepEqual(app[2].payload, profile.subarray(4));
  assert.ok(!new TextDecoder("latin1").decode(make(source)).includes("MAKER"));
});
