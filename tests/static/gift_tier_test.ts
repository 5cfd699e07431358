import assert from "node:assert/strict";
import { tierOf } from "../../static/js/gift_tier.js";

Deno.test("a donation's colour follows its amount", () => {
  const tiers = [null, 0.01, 4.99, 5, 19.99, 20, 49.99, 50, 1e6].map(tierOf);
  assert.deepEqual(tiers, [1, 1, 1, 2, 2, 3, 3, 4, 4]);
});
