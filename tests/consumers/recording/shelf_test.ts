import assert from "node:assert/strict";
import type { KeepRule } from "../../../src/consumers/recording/keep.ts";
import { recordingName } from "../../../src/consumers/recording/names.ts";
import { Shelf } from "../../../src/consumers/recording/shelf.ts";
import { recordingLog } from "../../support/recording_log.ts";

const START = Date.UTC(2026, 0, 1);
const BYTES = 20_000_000;
const MIN_FREE = 1e9;

/** A disk with recordings, of which space is free again as late as the test says. */
function stage(count: number, free: number, rule: KeepRule | null) {
  const disk = {
    free,
    /** What was deleted and is not reported as free. */
    late: 0,
    recordings: Array.from({ length: count }, (_, hour) => ({
      name: recordingName({ at: START + hour * 3_600_000, isOfMotion: false, kind: "mp4" }),
      ...{ bytes: BYTES, duration: 600_000, changedAt: START + hour * 3_600_000 + 600_000 },
    })),
  };
  const time = { now: 0 };
  const shelf = new Shelf({
    storage: {
      list: () => Promise.resolve({ recordings: [...disk.recordings], free: disk.free }),
      delete(name) {
        disk.recordings = disk.recordings.filter((one) => one.name !== name);
        disk.late += BYTES;
        return Promise.resolve(true);
      },
      repair: () => Promise.resolve(),
    },
    ...{ rule, minFree: MIN_FREE, log: recordingLog() },
    clock: { wall: () => START + time.now, monotonic: () => time.now },
  });
  return {
    ...{ disk, shelf },
    /** Looks after so many milliseconds; returns how many recordings are left, and whether one may be written. */
    async look(after: number) {
      time.now += after;
      await shelf.look(null);
      return [disk.recordings.length, shelf.problem === null];
    },
    settle() {
      disk.free += disk.late;
      disk.late = 0;
    },
  };
}

const RULE = { bytes: 1e12, age: null };

Deno.test("shelf that was full makes room for recording to go on", async () => {
  const { disk, look, settle } = stage(0, MIN_FREE - 1, RULE);
  assert.deepEqual(await look(0), [0, false]);
  disk.recordings = stage(10, 0, RULE).disk.recordings;
  disk.free = MIN_FREE + 10_000_000;
  // 40 MB more are needed.
  assert.deepEqual(await look(5_000), [8, false]);
  settle();
  assert.deepEqual(await look(5_000), [8, true]);
});

Deno.test("shelf waits for space that is reported late, and deletes no more meanwhile", async () => {
  const { look, settle } = stage(10, MIN_FREE - BYTES, RULE);
  assert.deepEqual(await look(0), [9, true]);
  assert.deepEqual(await look(250), [9, true]);
  settle();
  assert.deepEqual(await look(5_000), [9, true]);
});

Deno.test("shelf that has nothing to delete is full until 50 MB more than needed are free", async () => {
  const { disk, shelf, look } = stage(3, MIN_FREE - 1, null);
  assert.deepEqual(await look(0), [3, false]);
  assert.match(
    shelf.problem!,
    /^less than 1 GB of the disk is free: delete something, or set --keep/,
  );
  disk.free = MIN_FREE + 49_000_000;
  assert.deepEqual(await look(5_000), [3, false]);
  disk.free = MIN_FREE + 50_000_000;
  assert.deepEqual(await look(5_000), [3, true]);
});

Deno.test("shelf is full once all is deleted and that was not enough", async () => {
  const { look } = stage(2, MIN_FREE - 3 * BYTES, RULE);
  assert.deepEqual(await look(0), [0, true]);
  assert.deepEqual(await look(5_000), [0, false]);
});
