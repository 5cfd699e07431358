import assert from "node:assert/strict";
import { KeySchedule } from "../../../src/consumers/encoder/key_schedule.ts";
import { Random } from "../../support/random.ts";

/** Returns when a minute of frames comes, each this much early or late at most. Milliseconds. */
function frameTimes(fps: number, jitter: number): readonly number[] {
  const random = new Random(1);
  const times = Array.from(
    { length: Math.round(60 * fps) },
    (_, frame) => 1_000 + frame * 1_000 / fps + (2 * random.next() - 1) * jitter,
  );
  return times.sort((one, other) => one - other);
}

/** Returns which of these times are those of keys. */
function keysAmong(times: readonly number[]): readonly number[] {
  const time = { now: 0 };
  const schedule = new KeySchedule({ monotonic: () => time.now });
  return times.filter((at) => {
    time.now = at;
    return schedule.take();
  });
}

/** No segment of HLS is longer. Milliseconds. */
const MAX_SEGMENT_MS = 1_450;

Deno.test("keys of a source of one to one and a half frames a second come soon enough for HLS", () => {
  for (const [fps, jitter] of [[1, 10], [1.1, 40], [1.2, 60], [1.3, 30], [1.38, 10], [1.5, 20]]) {
    const keys = keysAmong(frameTimes(fps, jitter));
    const gaps = keys.slice(1).map((at, i) => at - keys[i]);
    assert.ok(keys.length > 40, `${fps} fps: ${keys.length} keys`);
    assert.ok(Math.max(...gaps) < MAX_SEGMENT_MS, `${fps} fps: ${Math.max(...gaps)} ms`);
    assert.ok(Math.min(...gaps) >= 500, `${fps} fps: ${Math.min(...gaps)} ms`);
  }
});

Deno.test("keys of a faster source are a second apart", () => {
  for (const fps of [5, 10, 15, 25, 30, 60]) {
    const times = frameTimes(fps, Math.min(40, 400 / fps));
    let last = -Infinity;
    const expected = times.filter((at) => {
      const isKey = at - last >= 985;
      if (isKey) last = at;
      return isKey;
    });
    assert.deepEqual(keysAmong(times), expected, `${fps} fps`);
  }
});
