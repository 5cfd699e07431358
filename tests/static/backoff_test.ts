import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";

Deno.test("backoff waits between half a second and a bound that doubles up to five seconds", () => {
  const longest = new Backoff({ random: () => 1 });
  const waits = Array.from({ length: 6 }, () => longest.next());
  assert.deepEqual(waits, [1000, 2000, 4000, 5000, 5000, 5000]);
  const shortest = new Backoff({ random: () => 0 });
  assert.deepEqual(Array.from({ length: 6 }, () => shortest.next()), Array(6).fill(500));
});

Deno.test("backoff starts over after a success", () => {
  const backoff = new Backoff({ random: () => 1 });
  for (let i = 0; i < 5; i++) backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 1000);
});
