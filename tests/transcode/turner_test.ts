import assert from "node:assert/strict";
import { Newest } from "../../src/media/newest.ts";
import type { Frame } from "../../src/media/packet.ts";
import { type SourceFrame, sourceFrameOf } from "../../src/media/source_frame.ts";
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

/** Waits until everything has happened that needs no timer. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A turner whose source and pools are in the test's hands, and what it yielded: names and times. */
function setUp(turn: Turn) {
  const time = { wall: 1000, monotonic: 50 };
  const jobs: Job[] = [];
  const pools: { stopped: boolean; stats: { superseded: number; corrupt: number } }[] = [];
  const given: [name: number, capturedAt: number][] = [];
  const yielded: Frame[] = [];
  const log = recordingLog();
  const turner = new Turner({
    turn,
    log,
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
    clock: { monotonic: () => time.monotonic },
  });
  const source = new Newest<SourceFrame>();
  const done = (async () => {
    for await (const frame of turner.packets(source)) {
      yielded.push(frame);
      given.push([frame.data[0], frame.at]);
    }
  })();
  let sequence = 0;
  const put = async (jpeg: Uint8Array<ArrayBuffer>, isCard: boolean) => {
    source.put(sourceFrameOf(jpeg, ++sequence, time.wall, isCard));
    await settle();
  };
  const take = (jpeg: Uint8Array<ArrayBuffer>) => put(jpeg, false);
  const takeCard = (jpeg: Uint8Array<ArrayBuffer>) => put(jpeg, true);
  return { turner, source, done, take, takeCard, time, jobs, pools, given, yielded, log };
}

Deno.test("a turner without a turn passes the very same bytes on, and has no thread", async () => {
  const { take, pools, given, yielded } = setUp(UPRIGHT);
  const jpeg = frame(1);
  await take(jpeg);
  assert.equal(yielded[0].data, jpeg);
  assert.deepEqual(given, [[1, 1000]]);
  assert.equal(pools.length, 0);
});

Deno.test("a turner gives turned frames with the time at which the source gave them", async () => {
  const { take, time, jobs, given } = setUp(QUARTER);
  await take(frame(1));
  time.wall = 1007;
  assert.deepEqual([jobs[0].orientation, jobs[0].frame.data[0]], [6, 1]);
  jobs[0].onOutput(0, frame(101));
  await settle();
  assert.deepEqual(given, [[101, 1000]]);
});

Deno.test("a turner has a thread only while there is something to turn", async () => {
  const { turner, take, jobs, pools, given } = setUp(UPRIGHT);
  await take(frame(1));
  turner.turn = QUARTER;
  await settle();
  assert.equal(pools.length, 1);
  turner.turn = { rotate: 180, flip: false };
  await settle();
  assert.deepEqual([pools.length, pools[0].stopped], [1, false]);
  turner.turn = UPRIGHT;
  await settle();
  assert(pools[0].stopped);
  assert.deepEqual(jobs.map(({ orientation }) => orientation), [6, 3]);
  assert.deepEqual(given.map(([name]) => name), [1, 1]);
});

Deno.test("a turner turns the newest frame again when the turn changes, and drops the result of the old turn", async () => {
  const { turner, take, time, jobs, given } = setUp(QUARTER);
  await take(frame(1));
  time.wall = 2000;
  turner.turn = { rotate: 270, flip: true };
  await settle();
  assert.deepEqual(jobs.map(({ orientation }) => orientation), [6, 7]);
  jobs[0].onOutput(0, frame(101));
  await settle();
  assert.deepEqual(given, []);
  jobs[1].onOutput(0, frame(201));
  await settle();
  assert.deepEqual(given, [[201, 1000]]);
});

Deno.test("a turner does nothing when the turn does not change", async () => {
  const { turner, take, jobs } = setUp(QUARTER);
  await take(frame(1));
  turner.turn = { ...QUARTER };
  await settle();
  assert.equal(jobs.length, 1);
});

Deno.test("a turner passes a card on as it is, and no frame that came before it", async () => {
  const { turner, take, takeCard, time, jobs, given } = setUp(QUARTER);
  await take(frame(1));
  time.wall = 1500;
  await takeCard(frame(50));
  jobs[0].onOutput(0, frame(101));
  await settle();
  turner.turn = UPRIGHT;
  await settle();
  assert.deepEqual(given, [[50, 1500]]);
});

Deno.test("a turner skips an unreadable frame among others, and shows it if there are no others", async () => {
  const { take, time, jobs, given, log } = setUp(QUARTER);
  const fail = async (name: number) => {
    await take(frame(name));
    jobs.at(-1)!.onFailure();
    await settle();
  };
  // However long the camera took to give its first frame.
  time.monotonic += 5000;
  await fail(1);
  await take(frame(2));
  jobs.at(-1)!.onOutput(0, frame(102));
  await settle();
  // Or its next one.
  time.monotonic += 5000;
  await fail(3);
  time.monotonic += 999;
  await fail(4);
  assert.deepEqual(given.map(([name]) => name), [102]);
  assert.deepEqual(log.lines, []);
  time.monotonic += 1;
  await fail(5);
  await fail(6);
  assert.deepEqual(given.map(([name]) => name), [102, 5, 6]);
  const warning = "warn: Rotation disabled: no codec can decode the source's frames";
  assert.deepEqual(log.lines, [warning]);
});

Deno.test("a turner forgets failures when a card or another turn comes", async () => {
  const { turner, take, takeCard, time, jobs, given } = setUp(QUARTER);
  for (const change of [() => takeCard(frame(50)), () => turner.turn = UPSIDE_DOWN]) {
    await take(frame(1));
    jobs.at(-1)!.onFailure();
    await settle();
    const { length } = jobs;
    await change();
    jobs[length - 1].onFailure();
    await settle();
    time.monotonic += 1000;
    await take(frame(2));
    jobs.at(-1)!.onFailure();
    await settle();
  }
  assert.deepEqual(given.map(([name]) => name), [50]);
});

Deno.test("a turner shows a frame at once that blocked its thread for that long", async () => {
  const { take, time, jobs, given } = setUp(QUARTER);
  await take(frame(1));
  time.monotonic += 10_000;
  jobs[0].onFailure();
  await settle();
  assert.deepEqual(given.map(([name]) => name), [1]);
});

Deno.test("a turner exchanges width and height only for a quarter turn", () => {
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

Deno.test("a turner counts frames that were not turned, including those of earlier threads", async () => {
  const { turner, take, pools } = setUp(QUARTER);
  await take(frame(1));
  Object.assign(pools[0].stats, { superseded: 3, corrupt: 2 });
  assert.deepEqual(turner.stats, { superseded: 3, corrupt: 2 });
  turner.turn = UPRIGHT;
  await settle();
  turner.turn = QUARTER;
  await settle();
  Object.assign(pools[1].stats, { superseded: 1 });
  assert.deepEqual(turner.stats, { superseded: 4, corrupt: 2 });
});

Deno.test("a turner ends its frames when those of the source end", async () => {
  const { source, done, take, given } = setUp(UPRIGHT);
  await take(frame(1));
  source.end();
  await done;
  assert.deepEqual(given.map(([name]) => name), [1]);
});
