import assert from "node:assert/strict";
import type { Turn } from "../../src/media/turn.ts";
import type { Job } from "../../src/transcode/job.ts";
import { Turner } from "../../src/transcode/turner.ts";
import { recordingLog } from "../support/recording_log.ts";

const UPRIGHT: Turn = { rotate: 0, flip: false };
const QUARTER: Turn = { rotate: 90, flip: false };
const UPSIDE_DOWN: Turn = { rotate: 180, flip: false };

function frame(name: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(name);
}

/** A turner whose pools are in the test's hands, and what it gave: names of frames, and their times. */
function setUp(turn: Turn) {
  const time = { wall: 1000, monotonic: 50 };
  const jobs: Job[] = [];
  const pools: { stopped: boolean; stats: { superseded: number; corrupt: number } }[] = [];
  const given: [name: number, capturedAt: number][] = [];
  const log = recordingLog();
  const turner = new Turner({
    turn,
    log,
    onFrame: (jpeg, capturedAt) => given.push([jpeg[0], capturedAt]),
    createPool() {
      const pool = {
        stopped: false,
        stats: { superseded: 0, corrupt: 0 },
        transcode: (job: Job) => Promise.resolve(void jobs.push(job)),
        stop: () => void (pool.stopped = true),
      };
      pools.push(pool);
      return pool;
    },
    clock: { wall: () => time.wall, monotonic: () => time.monotonic },
  });
  return { turner, time, jobs, pools, given, log };
}

Deno.test("a turner without a turn passes the very same bytes on, and has no thread", () => {
  const { turner, pools, given } = setUp(UPRIGHT);
  let taken: Uint8Array | undefined;
  const jpeg = frame(1);
  const direct = new Turner({
    turn: UPRIGHT,
    log: recordingLog(),
    onFrame: (jpeg) => taken = jpeg,
  });
  direct.take(jpeg);
  assert.equal(taken, jpeg);
  turner.take(frame(1));
  assert.deepEqual(given, [[1, 1000]]);
  assert.equal(pools.length, 0);
});

Deno.test("a turner gives turned frames with the time at which the source gave them", () => {
  const { turner, time, jobs, given } = setUp(QUARTER);
  turner.take(frame(1));
  time.wall = 1007;
  assert.deepEqual([jobs[0].orientation, jobs[0].frame.data[0]], [6, 1]);
  jobs[0].onOutput(0, frame(101));
  assert.deepEqual(given, [[101, 1000]]);
});

Deno.test("a turner's thread is there only while there is something to turn", () => {
  const { turner, jobs, pools, given } = setUp(UPRIGHT);
  turner.take(frame(1));
  turner.turn = QUARTER;
  assert.equal(pools.length, 1);
  turner.turn = { rotate: 180, flip: false };
  assert.deepEqual([pools.length, pools[0].stopped], [1, false]);
  turner.turn = UPRIGHT;
  assert(pools[0].stopped);
  assert.deepEqual(jobs.map(({ orientation }) => orientation), [6, 3]);
  assert.deepEqual(given.map(([name]) => name), [1, 1]);
});

Deno.test("a turner turns the newest frame anew when the turn changes, and drops the former one", () => {
  const { turner, time, jobs, given } = setUp(QUARTER);
  turner.take(frame(1));
  time.wall = 2000;
  turner.turn = { rotate: 270, flip: true };
  assert.deepEqual(jobs.map(({ orientation }) => orientation), [6, 7]);
  jobs[0].onOutput(0, frame(101));
  assert.deepEqual(given, []);
  jobs[1].onOutput(0, frame(201));
  assert.deepEqual(given, [[201, 1000]]);
});

Deno.test("a turner does nothing when the turn is set to what it is, or to the same in other words", () => {
  const { turner, jobs } = setUp(QUARTER);
  turner.take(frame(1));
  turner.turn = { ...QUARTER };
  assert.equal(jobs.length, 1);
});

Deno.test("a turner passes a card on as it is, and no frame that came before it", () => {
  const { turner, time, jobs, given } = setUp(QUARTER);
  turner.take(frame(1));
  time.wall = 1500;
  turner.takeCard(frame(50));
  jobs[0].onOutput(0, frame(101));
  turner.turn = UPRIGHT;
  assert.deepEqual(given, [[50, 1500]]);
});

Deno.test("a turner leaves out an unreadable frame among others, and shows it when there are no others", () => {
  const { turner, time, jobs, given, log } = setUp(QUARTER);
  const fail = (name: number) => {
    turner.take(frame(name));
    jobs.at(-1)!.onFailure();
  };
  // However long the camera took to give its first frame.
  time.monotonic += 5000;
  fail(1);
  turner.take(frame(2));
  jobs.at(-1)!.onOutput(0, frame(102));
  // Or its next one.
  time.monotonic += 5000;
  fail(3);
  time.monotonic += 999;
  fail(4);
  assert.deepEqual(given.map(([name]) => name), [102]);
  assert.deepEqual(log.lines, []);
  time.monotonic += 1;
  fail(5);
  fail(6);
  assert.deepEqual(given.map(([name]) => name), [102, 5, 6]);
  const warning = "warn: Showing the source's frames unturned: no codec can read them";
  assert.deepEqual(log.lines, [warning]);
});

Deno.test("a turner lets no card and no former turn count as frames that cannot be turned", () => {
  const { turner, time, jobs, given } = setUp(QUARTER);
  for (const change of [() => turner.takeCard(frame(50)), () => turner.turn = UPSIDE_DOWN]) {
    turner.take(frame(1));
    jobs.at(-1)!.onFailure();
    const { length } = jobs;
    change();
    jobs[length - 1].onFailure();
    time.monotonic += 1000;
    turner.take(frame(2));
    jobs.at(-1)!.onFailure();
  }
  assert.deepEqual(given.map(([name]) => name), [50]);
});

Deno.test("a turner shows a frame at once that hung its thread for as long", () => {
  const { turner, time, jobs, given } = setUp(QUARTER);
  turner.take(frame(1));
  time.monotonic += 10_000;
  jobs[0].onFailure();
  assert.deepEqual(given.map(([name]) => name), [1]);
});

Deno.test("a turner exchanges width and height for a quarter turn alone", () => {
  const size = { width: 1280, height: 720 };
  const turned = { width: 720, height: 1280 };
  const { turner } = setUp(UPRIGHT);
  const sizes = ([0, 90, 180, 270] as const).flatMap((rotate) =>
    [false, true].map((flip) => {
      turner.turn = { rotate, flip };
      return turner.sizeOf(size);
    })
  );
  assert.deepEqual(sizes, [size, size, turned, turned, size, size, turned, turned]);
});

Deno.test("a turner counts frames that were not turned, of former threads too", () => {
  const { turner, pools } = setUp(QUARTER);
  turner.take(frame(1));
  Object.assign(pools[0].stats, { superseded: 3, corrupt: 2 });
  assert.deepEqual(turner.stats, { superseded: 3, corrupt: 2 });
  turner.turn = UPRIGHT;
  turner.turn = QUARTER;
  Object.assign(pools[1].stats, { superseded: 1 });
  assert.deepEqual(turner.stats, { superseded: 4, corrupt: 2 });
});
