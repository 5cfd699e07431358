import assert from "node:assert/strict";
import { MotionDetector } from "../../src/motion/detector.ts";

const WIDTH = 160, HEIGHT = 90;

/** Numbers from 0 to 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed * 2654435761 >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

interface Walker {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly contrast: number;
}

/** A scene with noise, and a walker in it whose edges cover blocks in part. */
function scene(random: () => number, background: Uint8Array, light: number, walker?: Walker) {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = y * WIDTH + x;
      const cover = walker
        ? overlap(x, walker.x, walker.width) * overlap(y, walker.y, walker.height)
        : 0;
      const noise = (random() - 0.5) * 4;
      data[at] = Math.min(
        255,
        Math.max(0, background[at] + light + cover * (walker?.contrast ?? 0) + noise),
      );
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

function overlap(block: number, from: number, length: number): number {
  return Math.max(0, Math.min(block + 1, from + length) - Math.max(block, from));
}

function backgroundOf(random: () => number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, () => 40 + random() * 160);
}

Deno.test("motion detector notices 100 of 100 walks within two seconds", () => {
  for (let walk = 0; walk < 100; walk++) {
    const random = randomNumbers(walk + 1);
    const background = backgroundOf(random);
    const detector = new MotionDetector();
    // From a person far away, 16 by 32 pixels of 1280 by 720, to one nearby; 8 to 160 pixels a second.
    const size = 2 + random() * 12;
    const speed = 1 + random() * 19;
    const contrast = (random() < 0.5 ? -1 : 1) * (25 + random() * 40);
    const y = random() * (HEIGHT - 2 * size);
    let first: number | null = null;
    for (let at = 0; at <= 8_000; at += 100) {
      const x = -size + Math.max(0, at - 3_000) / 1_000 * speed;
      const walker = { x, y, width: size, height: 2 * size, contrast };
      const moves = detector.observe(scene(random, background, 0, walker), at);
      if (at <= 3_000) assert.ok(!moves, `walk ${walk}: noise is no motion`);
      if (moves) first ??= at;
    }
    assert.ok(first !== null && first <= 5_000, `walk ${walk}: ${first} ms, ${size} at ${speed}`);
  }
});

Deno.test("motion detector takes neither noise nor a change of the light for motion", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomNumbers(seed);
    const background = backgroundOf(random);
    const detector = new MotionDetector();
    for (let at = 0; at < 10_000; at += 100) {
      // A cloud: 20 levels darker within two seconds.
      const light = -Math.min(20, Math.max(0, at - 4_000) / 100);
      assert.ok(!detector.observe(scene(random, background, light), at), `seed ${seed}: ${at} ms`);
    }
  }
});

Deno.test("motion detector compares nothing across a pause, a clock set back or another size", () => {
  const random = randomNumbers(1);
  const [one, other] = [backgroundOf(random), backgroundOf(random)];
  const detector = new MotionDetector();
  assert.ok(!detector.observe(scene(random, one, 0), 0));
  assert.ok(!detector.observe(scene(random, other, 0), 60_000));
  assert.ok(!detector.observe(scene(random, one, 0), 1_000));
  assert.ok(!detector.observe({ width: 1, height: 1, data: new Uint8Array(1) }, 1_100));
});
