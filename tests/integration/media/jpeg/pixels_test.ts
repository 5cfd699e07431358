import assert from "node:assert/strict";
import fc from "fast-check";
import { encodePixels, type Pixels } from "../../../../src/media/jpeg/pixels.ts";
import { ijgTable, NATURAL_ORDER } from "../../../../src/media/jpeg/quality.ts";
import { loadImageScript } from "../../../../src/pictures/imagescript.ts";
import { drawShareCard } from "../../../../src/pictures/share_card.ts";
import { blocksOf } from "../../../support/coefficient_blocks.ts";
import { decodeRgb, psnr, sampleJpeg } from "../../../support/jpeg_samples.ts";

/** As the kernel rounds: a value other than the first a little towards zero. */
function rounded(steps: number, k: number): number {
  return k === 0 ? Math.floor(steps + 0.5) : Math.trunc(steps + 0.4 * Math.sign(steps));
}

/** Steps by which the kernel's 32-bit arithmetic may be off. */
const INEXACT = 1e-3;

function picture(width: number, height: number, level: (i: number) => number): Pixels {
  return {
    width,
    height,
    data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => level(i)),
  };
}

/** Slopes in which no two neighbours, nor two colours, are alike. */
function slopes(width: number, height: number): Pixels {
  return picture(width, height, (i) => {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
    return [40 + x / 2, 60 + y, 200 - (x + y) / 4, 255][i & 3];
  });
}

/** Red, green and blue, as decoders give them. */
function rgbOf({ data }: Pixels): Uint8Array {
  return Uint8Array.from(data.filter((_, i) => (i & 3) !== 3));
}

/** Brightness and both colours (JFIF) around 0, at a place that may lie beyond the edges. */
function ycc({ width, height, data }: Pixels, x: number, y: number): [number, number, number] {
  const at = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 4;
  const [r, g, b] = data.subarray(at, at + 3);
  const luma = 0.299 * r + 0.587 * g + 0.114 * b;
  return [luma - 128, (b - luma) / 1.772, (r - luma) / 1.402];
}

/** A component's sample: colours are the mean of four pixels. */
function sample(pixels: Pixels, component: number, x: number, y: number): number {
  if (component === 0) return ycc(pixels, x, y)[0];
  const four = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([dx, dy]) =>
    ycc(pixels, 2 * x + dx, 2 * y + dy)[component]
  );
  return four.reduce((sum, value) => sum + value) / 4;
}

const COSINES = Array.from(
  { length: 8 },
  (_, u) =>
    Array.from(
      { length: 8 },
      (_, x) => Math.cos((2 * x + 1) * u * Math.PI / 16) / 2 * (u === 0 ? Math.SQRT1_2 : 1),
    ),
);

/** The DCT as T.81 A.3.3 defines it, in zigzag order. */
function dct(samples: readonly number[]): number[] {
  return Array.from(NATURAL_ORDER, (at) => {
    const [u, v] = [at & 7, at >> 3];
    return samples.reduce((sum, s, i) => sum + s * COSINES[u][i & 7] * COSINES[v][i >> 3], 0);
  });
}

Deno.test("pixels become the coefficients that T.81 defines, of any picture at any quality", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 35 }),
      fc.integer({ min: 1, max: 35 }),
      fc.integer({ min: 1, max: 100 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
      (width, height, quality, levels) => {
        const pixels = picture(width, height, () => levels.next().value!);
        const made = blocksOf(encodePixels(pixels, quality));
        const mcusAcross = Math.ceil(width / 16);
        made.forEach((blocks, component) => {
          const table = ijgTable(quality, component === 0 ? "luminance" : "chrominance");
          const across = component === 0 ? 2 * mcusAcross : mcusAcross;
          blocks.forEach((values, block) => {
            const [left, top] = [block % across * 8, Math.floor(block / across) * 8];
            const samples = Array.from(
              { length: 64 },
              (_, i) => sample(pixels, component, left + (i & 7), top + (i >> 3)),
            );
            dct(samples).forEach((exact, k) => {
              // Beyond 1023, baseline has no codes.
              const most = k === 0 ? 2047 : 1023;
              const steps = Math.max(-most, Math.min(most, exact / table[k]));
              const expected = [rounded(steps - INEXACT, k), rounded(steps + INEXACT, k)];
              const where = `${width}x${height}, quality ${quality}, ${component}:${block}:${k}`;
              assert.ok(expected.includes(values[k]), `${where}: ${values[k]} for ${steps}`);
            });
          });
        });
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("pixels of any size open everywhere and look like what they were", async () => {
  const { Image } = await loadImageScript();
  const sizes = [[1, 1], [1, 17], [17, 1], [2, 2], [7, 9], [8, 8], [15, 16], [16, 16], [17, 33]];
  for (const [width, height] of [...sizes, [333, 101]]) {
    const pixels = slopes(width, height);
    const jpeg = encodePixels(pixels, 95);
    const wanted = rgbOf(pixels);
    const turbo = await decodeRgb(jpeg);
    assert.deepEqual([turbo.width, turbo.height], [width, height]);
    assert.ok(psnr(turbo.data, wanted) > 36, `${width}x${height}: ${psnr(turbo.data, wanted)} dB`);
    const image = await Image.decode(jpeg);
    const shown = rgbOf({ width: image.width, height: image.height, data: image.bitmap });
    assert.ok(
      psnr(shown, wanted) > 36,
      `${width}x${height}: ${psnr(shown, wanted)} dB, ImageScript`,
    );
  }
});

Deno.test("pixels of a size that no JPEG can have are refused", () => {
  for (const [width, height] of [[65_536, 1], [1, 65_536], [0, 8], [8, 0]]) {
    assert.throws(() => encodePixels(slopes(width, height), 50), {
      name: "RangeError",
      message: `Cannot encode JPEG: ${width}x${height} pixels`,
    });
  }
});

Deno.test("pixels of one colour keep it to a level or two", async () => {
  for (
    const [r, g, b] of [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [
      9,
      99,
      199,
    ]]
  ) {
    const { data } = await decodeRgb(
      encodePixels(picture(20, 20, (i) => [r, g, b, 255][i & 3]), 100),
    );
    data.forEach((level, i) =>
      assert.ok(Math.abs(level - [r, g, b][i % 3]) <= 2, `${r},${g},${b}: ${level}`)
    );
  }
});

Deno.test("the fourth byte of a pixel changes nothing", () => {
  const opaque = slopes(40, 30);
  const clear = { ...opaque, data: opaque.data.map((level, i) => (i & 3) === 3 ? 0 : level) };
  assert.deepEqual(encodePixels(clear, 80), encodePixels(opaque, 80));
});

/** What ImageScript's native encoder made of a picture: quality, bytes, and dB of RGB by djpeg. */
const NATIVE = {
  street: [[20, 14717, 31.5], [60, 28356, 35.7], [85, 47683, 39.45], [95, 86912, 43.32]],
  card: [[20, 36858, 33.46], [60, 48590, 38.96], [85, 66536, 43.26], [95, 103669, 46.22]],
} as const;

async function streetPixels(): Promise<Pixels> {
  const lossless = { width: 640, height: 360, quality: 100, sampling: "4:4:4" } as const;
  const { width, height, data } = await decodeRgb(await sampleJpeg(lossless));
  return picture(width, height, (i) => (i & 3) === 3 ? 255 : data[(i >> 2) * 3 + (i & 3)]);
}

async function cardPixels(): Promise<Pixels> {
  const { Image } = await loadImageScript();
  const card = await Image.decode(
    await drawShareCard({ title: "Bird box", url: "http://10.0.0.5/" }),
  );
  return { width: card.width, height: card.height, data: card.bitmap };
}

for (const [name, pixelsOf] of [["street", streetPixels], ["card", cardPixels]] as const) {
  Deno.test(`a ${name} takes fewer bytes than ImageScript's native encoder for no less PSNR`, async () => {
    const pixels = await pixelsOf();
    const wanted = rgbOf(pixels);
    for (const [nominal, bytes, decibels] of NATIVE[name]) {
      // With half the colours it takes a quality a little higher to look as good.
      let [quality, jpeg, reached] = [nominal - 5, new Uint8Array(), 0];
      while (reached < decibels && quality < 100) {
        jpeg = encodePixels(pixels, quality++);
        reached = psnr((await decodeRgb(jpeg)).data, wanted);
      }
      assert.ok(reached >= decibels, `only ${reached} of ${decibels} dB`);
      assert.ok(jpeg.length < bytes, `${jpeg.length} for ${bytes} bytes at ${decibels} dB`);
    }
  });
}
