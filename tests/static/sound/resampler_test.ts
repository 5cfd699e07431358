import assert from "node:assert/strict";
import fc from "fast-check";
import { distortion, toneOf } from "../../support/tone.ts";
import { Resampler } from "../../../static/js/sound/resampler.js";

const BLOCK = 960;

/** Resamples blocks of 20 ms, at rates that may differ from one another. */
function resample(
  channels: readonly Float32Array[],
  rates: (block: number) => number,
  resampler = new Resampler(48_000, 48_000),
): Float32Array[] {
  const blocks: Float32Array[][] = [];
  for (let i = 0; i * BLOCK < channels[0].length; i++) {
    const block = channels.map((channel) => channel.slice(i * BLOCK, (i + 1) * BLOCK));
    blocks.push(resampler.process(block, rates(i)));
  }
  return channels.map((_, c) => Float32Array.from(blocks.flatMap((block) => [...block[c]])));
}

for (const rate of [1, 1.005, 0.995, 1.02, 0.98]) {
  for (const hertz of [100, 1000, 10_000]) {
    Deno.test(`a tone of ${hertz} Hz at a rate of ${rate} stays clean, also between blocks`, () => {
      const [left, right] = resample(toneOf(hertz, 48_000), () => rate);
      assert.deepEqual(left, right);
      const found = distortion(left.slice(200), hertz * rate);
      assert.ok(found < -85, `${found} dB`);
    });
  }
}

Deno.test("a rate that changes with each block makes no clicks", () => {
  const [left] = resample(toneOf(1000, 48_000), (block) => 1 + 0.02 * Math.sin(block));
  // The largest step that a tone of 1,020 Hz makes from one sample to the next.
  const most = 2 * Math.PI * 1020 / 48_000 * 1.01;
  for (let i = 201; i < left.length; i++) {
    const step = Math.abs(left[i] - left[i - 1]);
    assert.ok(step < most, `a step of ${step} at ${i}`);
  }
});

Deno.test("sound for a device of 44.1 kHz keeps its pitch", () => {
  const resampler = new Resampler(48_000, 44_100);
  const [left] = resample(toneOf(1000, 48_000), () => 1, resampler);
  assert.ok(Math.abs(left.length - 44_100) < 20, `${left.length}`);
  const found = distortion(left.slice(200), 1000, 44_100);
  assert.ok(found < -85, `${found} dB`);
});

Deno.test("the output is as long as the rates say, whatever the blocks", () => {
  const block = fc.record({
    length: fc.nat({ max: 3000 }),
    rate: fc.double({ min: 0.98, max: 1.02 }),
  });
  fc.assert(fc.property(fc.array(block, { maxLength: 40 }), (blocks) => {
    const resampler = new Resampler(48_000, 48_000);
    let [expected, length] = [0, 0];
    for (const { length: samples, rate } of blocks.filter(({ rate }) => !Number.isNaN(rate))) {
      const ones = () => new Float32Array(samples).fill(1);
      const [left, right] = resampler.process([ones(), ones()], rate);
      assert.equal(left.length, right.length);
      assert.ok(left.every(Number.isFinite));
      length += left.length;
      expected += samples / rate;
    }
    assert.ok(Math.abs(length - expected) < 3, `${length}, not ${expected}`);
  }));
});

Deno.test("a block whose last sample falls on its end by rounding reads nothing beyond it", () => {
  const resampler = new Resampler(48_000, 48_000);
  const silence = (length: number) => [new Float32Array(length), new Float32Array(length)];
  resampler.process(silence(2), 0.98);
  const [left] = resampler.process(silence(4), 1.019999999999999);
  assert.ok(left.every(Number.isFinite));
});

Deno.test("after a reset nothing of the sound before is left", () => {
  const resampler = new Resampler(48_000, 48_000);
  resampler.process(toneOf(1000, BLOCK));
  resampler.reset();
  const [left] = resampler.process([new Float32Array(BLOCK), new Float32Array(BLOCK)]);
  assert.ok(left.every((value) => value === 0));
});
