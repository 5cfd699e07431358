import assert from "node:assert/strict";
import { StartTime } from "../../src/channel/start_time.ts";

Deno.test("StartTime is the same while time passes, and follows a clock that is set", () => {
  let now = 1_000_000_000;
  let monotonic = 50;
  const start = new StartTime({ wall: () => now, monotonic: () => monotonic });
  const pass = (milliseconds: number) => {
    now += milliseconds;
    monotonic += milliseconds;
  };
  assert.equal(start.at, 1_000_000_000);
  pass(60_000);
  now += 900; // It drifts.
  assert.equal(start.at, 1_000_000_000);
  now -= 900 + 5 * 3_600_000;
  assert.equal(now - start.at, 60_000);
  pass(1_000);
  now += 9 * 3_600_000;
  assert.equal(now - start.at, 61_000);
  assert.equal(now - start.at, 61_000);
});
