import assert from "node:assert/strict";
import fc from "fast-check";
import { surplus } from "../../../src/consumers/recording/keep.ts";
import { recordingName } from "../../../src/consumers/recording/names.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const stored = (day: number, bytes = 10) => ({
  name: recordingName({ at: START + day * DAY, isOfMotion: false, kind: "mp4" }),
  bytes,
  duration: 600_000,
  changedAt: START + day * DAY + 600_000,
});

const situation = {
  ...{ recordings: [0, 1, 2, 3].map((day) => stored(day)), free: 100, minFree: 0 },
  ...{ writing: null, now: START + 3 * DAY },
};

Deno.test("without a rule, nothing is deleted, however full the disk is", () => {
  assert.deepEqual(surplus({ ...situation, free: 0, minFree: 50, rule: null }), []);
});

Deno.test("oldest recordings go until the rest fits", () => {
  const names = surplus({ ...situation, rule: { bytes: 25, age: null } });
  assert.deepEqual(names, situation.recordings.slice(0, 2).map(({ name }) => name));
});

Deno.test("recordings go that ended too long ago", () => {
  const names = surplus({ ...situation, rule: { bytes: null, age: 2 * DAY } });
  assert.deepEqual(names, [situation.recordings[0].name]);
});

Deno.test("a recording that began before the clock was set forward is kept for as long as others", () => {
  const recordings = [{ ...stored(0), changedAt: START + 14 * DAY }];
  const rule = { bytes: null, age: 2 * DAY };
  assert.deepEqual(surplus({ ...situation, recordings, rule, now: START + 15 * DAY }), []);
  assert.equal(surplus({ ...situation, recordings, rule, now: START + 17 * DAY }).length, 1);
});

Deno.test("with a rule, the oldest make room on a full disk", () => {
  const rule = { bytes: 1_000, age: null };
  assert.deepEqual(surplus({ ...situation, rule, free: 5, minFree: 20 }), [
    ...situation.recordings.slice(0, 2).map(({ name }) => name),
  ]);
});

Deno.test("what is kept is within the rule, and the recording that is written is never deleted", () => {
  fc.assert(fc.property(
    fc.array(fc.nat({ max: 100 }), { maxLength: 20 }),
    fc.nat({ max: 1_000 }),
    fc.nat({ max: 20 }),
    (sizes, bytes, index) => {
      const recordings = sizes.map((size, day) => stored(day, size));
      const writing = recordings[index]?.name ?? null;
      const rule = { bytes, age: null };
      const names = surplus({ ...situation, recordings, writing, rule });
      assert.ok(!names.includes(writing ?? ""));
      const left = recordings.filter(({ name }) => !names.includes(name));
      const total = left.reduce((sum, one) => sum + one.bytes, 0);
      assert.ok(total <= bytes || left.every(({ name }) => name === writing));
    },
  ));
});
