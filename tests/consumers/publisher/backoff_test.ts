import assert from "node:assert/strict";
import { Backoff } from "../../../src/consumers/publisher/backoff.ts";

Deno.test("pauses grow from 1 s to 30 s, and begin again after a minute of good work", () => {
  const backoff = new Backoff(() => 0.5);
  const pauses = Array.from({ length: 8 }, () => backoff.failed(0) / 1_000);
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
  assert.equal(backoff.failed(59_000), 30_000);
  assert.equal(backoff.failed(60_000), 1_000);
  assert.equal(backoff.failed(0), 2_000);
  backoff.reset();
  assert.equal(backoff.failed(0), 1_000);
});

Deno.test("pauses of several targets differ by a fifth at most", () => {
  assert.equal(new Backoff(() => 0).failed(0), 800);
  assert.equal(new Backoff(() => 1).failed(0), 1_200);
});
