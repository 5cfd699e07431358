import assert from "node:assert/strict";
import { BaseDelay } from "../../../src/consumers/session/base_delay.ts";

Deno.test("BaseDelay is the shortest delay, and unknown before the first", () => {
  const delay = new BaseDelay();
  assert.equal(delay.ms, 0);
  for (const [i, transit] of [40, 25, 60].entries()) delay.take(transit, i * 100, true);
  assert.equal(delay.ms, 25);
});

Deno.test("BaseDelay believes no long delay at first, and none that only a queue has", () => {
  const delay = new BaseDelay();
  delay.take(200, 0, true);
  assert.equal(delay.ms, 50);
  delay.take(200, 2000, true);
  assert.equal(delay.ms, 200);
  const long = new BaseDelay();
  for (let at = 0; at < 5000; at += 100) long.take(800, at, true);
  assert.equal(long.ms, 300);
});

Deno.test("BaseDelay grows when the way is longer for ten seconds, unless queues may be why", () => {
  const grows = new BaseDelay(), stays = new BaseDelay();
  for (let at = 0; at < 16_000; at += 100) {
    const transit = at < 1000 ? 20 : 90;
    grows.take(transit, at, true);
    stays.take(transit, at, false);
  }
  assert.deepEqual([grows.ms, stays.ms], [90, 20]);
  grows.forget();
  assert.equal(grows.ms, 0);
});
