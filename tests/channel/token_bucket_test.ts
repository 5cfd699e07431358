import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBuckets } from "../../src/channel/token_bucket.ts";

Deno.test("TokenBuckets allows three at once, then one in two seconds", () => {
  let now = 5;
  const buckets = new TokenBuckets({
    capacity: 3,
    refillMs: 2_000,
    clock: { monotonic: () => now },
  });
  for (let i = 0; i < 3; i++) {
    assert.equal(buckets.waitOf("a"), 0);
    buckets.take("a");
  }
  assert.equal(buckets.waitOf("a"), 2_000);
  assert.equal(buckets.waitOf("b"), 0);
  now += 1_999;
  assert.equal(buckets.waitOf("a"), 1);
  now += 1;
  assert.equal(buckets.waitOf("a"), 0);
  buckets.take("a");
  assert.equal(buckets.waitOf("a"), 2_000);
});

Deno.test("TokenBuckets allows exactly what burst and rate permit", () => {
  fc.assert(fc.property(fc.array(fc.nat(3_000), { maxLength: 100 }), (steps) => {
    let now = 0;
    const buckets = new TokenBuckets({
      capacity: 3,
      refillMs: 2_000,
      clock: { monotonic: () => now },
    });
    // The same by its definition: tokens that flow in up to the brim.
    let tokens = 3;
    for (const step of steps) {
      now += step;
      tokens = Math.min(3, tokens + step / 2_000);
      const wait = buckets.waitOf("a");
      assert.ok(Math.abs(wait - Math.max(0, (1 - tokens) * 2_000)) <= 1, `${wait} ${tokens}`);
      if (wait) continue;
      buckets.take("a");
      tokens--;
    }
  }));
});

Deno.test("TokenBuckets stays exact when it drops full buckets", () => {
  let now = 0;
  const buckets = new TokenBuckets({
    capacity: 1,
    refillMs: 1_000,
    clock: { monotonic: () => now },
  });
  for (let i = 0; i < 5_000; i++) {
    now++;
    buckets.take(`viewer ${i}`);
    assert.equal(buckets.waitOf(`viewer ${i}`), 1_000);
    if (i >= 500) assert.equal(buckets.waitOf(`viewer ${i - 500}`), 500);
  }
  assert.equal(buckets.waitOf("viewer 3999"), 0);
});
