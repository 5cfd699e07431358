import assert from "node:assert/strict";
import { RequestPace } from "../../src/http/request_pace.ts";

Deno.test("request pace answers 200 at once, delays others by up to 4 s, and refuses the rest", () => {
  let now = 0;
  const pace = new RequestPace({ monotonic: () => now });
  const waits = Array.from({ length: 4_300 }, () => pace.take("10.0.0.1"));
  assert.deepEqual(waits.slice(0, 200), Array(200).fill(0));
  assert.deepEqual(waits.slice(200, 203), [1, 2, 3]);
  assert.deepEqual(waits.slice(4_199, 4_202), [4_000, null, null]);
  assert.equal(pace.take("10.0.0.2"), 0);
  // What was refused took no turn.
  now = 1_000;
  assert.equal(pace.take("10.0.0.1"), 3_001);
});

Deno.test("request pace counts a slow request as several", () => {
  const pace = new RequestPace({ monotonic: () => 0 });
  pace.take("10.0.0.1");
  pace.charge("10.0.0.1", 0.4);
  pace.charge("10.0.0.1", 99);
  assert.equal(pace.take("10.0.0.1"), 0);
  assert.equal(pace.take("10.0.0.1"), 1);
});
