import assert from "node:assert/strict";
import { ReactionPace } from "../../static/js/reaction_pace.js";

Deno.test("reactions go out four at once, and then nearly two a second", () => {
  let now = 1000;
  const pace = new ReactionPace({ monotonic: () => now });
  const taps = (count: number) => Array.from({ length: count }, () => pace.take()).filter(Boolean);
  assert.equal(taps(10).length, 4);
  now += 549;
  assert.equal(taps(3).length, 0, "a dropped tap does not count");
  now += 1;
  assert.equal(taps(3).length, 1);
  now += 60_000;
  assert.equal(taps(10).length, 4, "a pause does not save up more");
});
