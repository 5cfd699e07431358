import assert from "node:assert/strict";
import fc from "fast-check";
import { RateMeter } from "../../../src/consumers/session/rate.ts";

Deno.test("RateMeter gives frames and bits a second", () => {
  const meter = new RateMeter();
  for (let i = 0; i < 300; i++) meter.count(1000, 1_000_000 + i * 1000 / 30);
  const { frames, bits } = meter.rate(1_000_000 + 10_000);
  assert.ok(Math.abs(frames - 30) < 1.5, `${frames}`);
  assert.ok(Math.abs(bits - 240_000) < 12_000, `${bits}`);
});

Deno.test("RateMeter forgets what is older than its window", () => {
  const meter = new RateMeter();
  for (let i = 0; i < 100; i++) meter.count(1000, i * 10);
  assert.deepEqual(meter.rate(60_000), { frames: 0, bits: 0 });
});

Deno.test("RateMeter gives 0 before any frame", () => {
  assert.deepEqual(new RateMeter().rate(5), { frames: 0, bits: 0 });
});

Deno.test("RateMeter never gives a negative or infinite rate", () => {
  fc.assert(fc.property(fc.array(fc.nat(5000), { minLength: 1 }), (steps) => {
    const meter = new RateMeter();
    let at = 1_000_000;
    for (const step of steps) meter.count(100, at += step);
    const { frames } = meter.rate(at);
    assert.ok(frames > 0 && frames <= steps.length * 2.01);
  }));
});
