import assert from "node:assert/strict";
import { FakeTime } from "../support/fake_time.ts";
import { type Frame, SOURCE } from "../../src/frame.ts";
import { TranscoderPool, type WorkerLike } from "../../src/transcode/pool.ts";
import type { WorkerAnswer, WorkerRequest } from "../../src/transcode/worker.ts";
import { recordingLog } from "../support/recording_log.ts";

type Job = Extract<WorkerRequest, { id: number }>;

/** A worker that answers, dies or hangs when the test says so. */
class ManualWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  codec = "";
  terminated = false;
  readonly jobs: Job[] = [];

  postMessage(message: WorkerRequest) {
    if ("codec" in message) this.codec = message.codec;
    else this.jobs.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  answer(answer: Partial<WorkerAnswer> = {}) {
    const { id, renditions } = this.jobs.at(-1)!;
    const luma = { width: 1, height: 1, data: new Uint8Array(1) };
    const made = { luma, outputs: renditions.map(() => new Uint8Array([1])) };
    const data = { id, ...("error" in answer ? answer : { made }) };
    this.onmessage!.call(this as unknown as Worker, new MessageEvent("message", { data }));
  }

  die() {
    const event = new ErrorEvent("error", { message: "out of memory", cancelable: true });
    this.onerror!.call(this as unknown as Worker, event);
  }
}

function setUp(workers = 1) {
  const made: ManualWorker[] = [];
  const log = recordingLog();
  const pool = new TranscoderPool({
    codec: "dct",
    workers,
    log,
    createWorker() {
      made.push(new ManualWorker());
      return made.at(-1)!;
    },
  });
  return { pool, workers: made, log };
}

const frame = (sequence: number): Frame => ({
  sequence,
  capturedAt: sequence,
  jpeg: new Uint8Array([sequence]),
});
const LOW = [{ ...SOURCE, quality: 20 }];

Deno.test("pool tells each worker the codec and gives it a copy of the frame", async () => {
  const { pool, workers } = setUp();
  const source = frame(1);
  const result = pool.transcode(source, LOW);
  assert.equal(workers[0].codec, "dct");
  assert.notEqual(workers[0].jobs[0].jpeg.buffer, source.jpeg.buffer);
  assert.deepEqual(workers[0].jobs[0].renditions, LOW);
  workers[0].answer();
  assert.equal((await result)?.outputs.length, 1);
  pool.stop();
});

Deno.test("pool keeps only the newest frame while all workers are busy", async () => {
  const { pool, workers } = setUp();
  const results = [1, 2, 3, 4].map((n) => pool.transcode(frame(n), LOW));
  assert.equal(await results[1], null);
  assert.equal(await results[2], null);
  workers[0].answer();
  assert.notEqual(await results[0], null);
  assert.deepEqual(workers[0].jobs.map(({ jpeg }) => jpeg[0]), [1, 4]);
  assert.equal(pool.stats.superseded, 2);
  workers[0].answer();
  assert.notEqual(await results[3], null);
  pool.stop();
});

Deno.test("pool makes all that is asked of the newest frame, also when asked twice", async () => {
  const { pool, workers } = setUp();
  const first = pool.transcode(frame(1), LOW);
  const [a, b] = [pool.transcode(frame(2), LOW), pool.transcode(frame(2), [SOURCE])];
  for (const result of [first, a, b]) {
    workers[0].answer();
    assert.notEqual(await result, null);
  }
  pool.stop();
});

Deno.test("pool drops and counts what comes after a newer frame's result", async () => {
  const { pool, workers } = setUp(2);
  const [older, newer] = [pool.transcode(frame(1), LOW), pool.transcode(frame(2), LOW)];
  workers[1].answer();
  workers[0].answer();
  assert.notEqual(await newer, null);
  assert.equal(await older, null);
  assert.deepEqual([pool.stats.late, pool.stats.transcoded], [1, 1]);
  pool.stop();
});

Deno.test("pool drops and counts a corrupt frame and goes on", async () => {
  const { pool, workers, log } = setUp();
  for (const sequence of [1, 2, 3]) {
    const bad = pool.transcode(frame(sequence), LOW);
    workers[0].answer({ error: "no EOI" });
    assert.equal(await bad, null);
  }
  assert.equal(pool.stats.corrupt, 3);
  assert.deepEqual(log.lines.map((line) => line.split(":")[0]), ["warn", "debug", "debug"]);
  const good = pool.transcode(frame(4), LOW);
  workers[0].answer();
  assert.notEqual(await good, null);
  pool.stop();
});

Deno.test("pool replaces a worker that dies and gives up its frame", async () => {
  const { pool, workers, log } = setUp();
  const first = pool.transcode(frame(1), LOW);
  workers[0].answer();
  await first;
  const lost = pool.transcode(frame(2), LOW);
  workers[0].die();
  assert.equal(await lost, null);
  assert.ok(workers[0].terminated);
  const next = pool.transcode(frame(3), LOW);
  workers[1].answer();
  assert.notEqual(await next, null);
  assert.equal(pool.stats.replaced, 1);
  assert.match(log.lines.join(), /out of memory/);
  pool.stop();
});

Deno.test("pool waits a second before it replaces a worker that never answered", () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  workers[0].die();
  assert.equal(workers.length, 1);
  const result = pool.transcode(frame(1), LOW);
  time.tick(1000);
  assert.equal(workers.length, 2);
  workers[1].answer();
  pool.stop();
  return result.then((made) => assert.notEqual(made, null));
});

Deno.test("pool replaces a worker that hangs", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  const first = pool.transcode(frame(1), LOW);
  workers[0].answer();
  await first;
  const hung = pool.transcode(frame(2), LOW);
  time.tick(10_000);
  assert.equal(await hung, null);
  assert.ok(workers[0].terminated);
  assert.equal(workers.length, 2);
  pool.stop();
});

Deno.test("pool gives up everything when it stops, and whatever is asked later", async () => {
  const { pool, workers } = setUp();
  const results = [pool.transcode(frame(1), LOW), pool.transcode(frame(2), LOW)];
  pool.stop();
  assert.deepEqual(await Promise.all(results), [null, null]);
  assert.ok(workers[0].terminated);
  assert.equal(await pool.transcode(frame(3), LOW), null);
});

Deno.test("pool counts renditions, and tells how long each job took, bad ones too", async () => {
  const worker = new ManualWorker();
  const took: number[] = [];
  const pool = new TranscoderPool({
    codec: "dct",
    workers: 1,
    log: recordingLog(),
    createWorker: () => worker,
    onJob: (milliseconds) => took.push(milliseconds),
  });
  const two = pool.transcode(frame(1), [...LOW, { ...SOURCE, quality: 50 }]);
  assert.deepEqual(took, []);
  worker.answer();
  await two;
  const bad = pool.transcode(frame(2), LOW);
  worker.answer({ error: "no EOI" });
  await bad;
  assert.equal(pool.stats.renditions, 2);
  assert(took.length === 2 && took.every((milliseconds) => milliseconds >= 0));
  pool.stop();
});

Deno.test("pool says how many of its threads run", () => {
  using time = new FakeTime();
  const { pool, workers } = setUp(2);
  assert.equal(pool.running, 2);
  workers[0].die();
  assert.equal(pool.running, 1);
  time.tick(1000);
  assert.equal(pool.running, 2);
  pool.stop();
});
