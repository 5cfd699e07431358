import assert from "node:assert/strict";
import type { Clock } from "../../src/clock.ts";
import { FakeTime } from "../support/fake_time.ts";
import { frameOf } from "../../src/media/packet.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { TranscoderPool } from "../../src/transcode/pool.ts";
import type { WorkerLike } from "../../src/transcode/thread.ts";
import type { WorkerAnswer, WorkerRequest } from "../../src/transcode/worker.ts";
import { recordingLog } from "../support/recording_log.ts";
import { make } from "../support/transcode.ts";

type WorkerJob = Extract<WorkerRequest, { id: number }>;

interface Answer {
  readonly error?: string;
  readonly isEarly?: boolean;
  readonly isDamaged?: boolean;
}

/** A worker that answers, dies or hangs when the test says so. */
class ManualWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  codec = "";
  terminated = false;
  readonly jobs: WorkerJob[] = [];
  #hurried: SharedArrayBuffer | null = null;
  #made = 0;

  postMessage(message: WorkerRequest) {
    if ("codec" in message) {
      this.codec = message.codec;
      this.#hurried = message.hurried;
    } else {
      this.jobs.push(message);
    }
  }

  terminate() {
    this.terminated = true;
  }

  /** Whether the pool has asked it to end its job early. */
  get isHurried(): boolean {
    return new Int32Array(this.#hurried!)[0] === this.jobs.at(-1)!.id;
  }

  /** Answers with the next outputs. */
  make(count = this.jobs.at(-1)!.renditions.length - this.#made) {
    const { id } = this.jobs.at(-1)!;
    for (; count > 0; count--) this.#send({ id, index: this.#made++, output: new Uint8Array([1]) });
  }

  /** Ends the job, after the remaining outputs unless it is early; or answers with an error. */
  answer({ error, isEarly = false, isDamaged = false }: Answer = {}) {
    const { id } = this.jobs.at(-1)!;
    if (error !== undefined) return this.#send({ id, error });
    if (!isEarly) this.make();
    this.#made = 0;
    this.#send({ id, luma: { width: 1, height: 1, data: new Uint8Array(1) }, isDamaged });
  }

  #send(data: WorkerAnswer) {
    this.onmessage!.call(this as unknown as Worker, new MessageEvent("message", { data }));
  }

  die() {
    const event = new ErrorEvent("error", { message: "out of memory", cancelable: true });
    this.onerror!.call(this as unknown as Worker, event);
  }
}

function setUp(workers = 1, clock?: Pick<Clock, "monotonic">) {
  const made: ManualWorker[] = [];
  const log = recordingLog();
  const pool = new TranscoderPool({
    codec: "dct",
    workers,
    log,
    clock,
    createWorker() {
      made.push(new ManualWorker());
      return made.at(-1)!;
    },
  });
  return { pool, workers: made, log };
}

const frame = (sequence: number) => frameOf(new Uint8Array([sequence]), sequence, sequence);
const LOW = [SOURCE.with({ quality: 20 })];

Deno.test("pool sends each worker the codec and a copy of the frame", async () => {
  const { pool, workers } = setUp();
  const source = frame(1);
  const result = make(pool, source, LOW);
  assert.equal(workers[0].codec, "dct");
  assert.notEqual(workers[0].jobs[0].jpeg.buffer, source.data.buffer);
  assert.deepEqual(workers[0].jobs[0].renditions, LOW);
  workers[0].answer();
  assert.equal((await result)?.outputs.length, 1);
  pool.stop();
});

Deno.test("pool keeps only the newest frame while all workers are busy", async () => {
  const { pool, workers } = setUp();
  const results = [1, 2, 3, 4].map((n) => make(pool, frame(n), LOW));
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

Deno.test("pool keeps the newest frame of each stream while all workers are busy", async () => {
  const { pool, workers } = setUp();
  const running = make(pool, frame(9), LOW);
  // Each stream counts its own frames.
  const camera = [100, 101].map((n) => make(pool, frame(n), LOW, "camera"));
  const program = [10, 11].map((n) => make(pool, frame(n), LOW, "program"));
  assert.deepEqual([await camera[0], await program[0]], [null, null]);
  assert.equal(pool.stats.superseded, 2);
  for (const result of [running, camera[1], program[1]]) {
    workers[0].answer();
    assert.notEqual(await result, null);
  }
  assert.deepEqual(workers[0].jobs.map(({ jpeg }) => jpeg[0]), [9, 101, 11]);
  pool.stop();
});

Deno.test("pool drops no output because another stream has higher numbers", async () => {
  const { pool, workers } = setUp(2);
  const program = make(pool, frame(1), LOW, "program");
  const camera = make(pool, frame(2), LOW, "camera");
  workers[1].answer();
  workers[0].answer();
  assert.deepEqual([(await program)?.outputs.length, (await camera)?.outputs.length], [1, 1]);
  assert.equal(pool.stats.late, 0);
  pool.stop();
});

Deno.test("pool ends a job early when a frame of another stream has waited for 10 ms", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  const program = make(pool, frame(9), [...LOW, SOURCE], "program");
  const camera = make(pool, frame(1), LOW, "camera");
  time.tick(10);
  assert.equal(workers[0].isHurried, true);
  workers[0].make(1);
  workers[0].answer({ isEarly: true });
  assert.equal((await program)?.outputs.length, 1);
  workers[0].answer();
  assert.notEqual(await camera, null);
  pool.stop();
});

for (const milliseconds of [10, 25, 40, 90]) {
  Deno.test(`pool gives two streams the same number of frames when a job takes ${milliseconds} ms`, async () => {
    using time = new FakeTime();
    const { pool, workers } = setUp();
    const made = { camera: 0, program: 0 };
    const results: Promise<unknown>[] = [];
    const publish = (stream: keyof typeof made, sequence: number) => {
      const result = make(pool, frame(sequence), LOW, stream);
      results.push(result.then((outputs) => outputs && made[stream]++));
    };
    let finished = 0;
    let busyUntil = milliseconds;
    for (let ms = 0; ms < 10_000; ms++) {
      // The camera's frames always come first.
      if (ms % 33 === 0) publish("camera", 1 + ms);
      if (ms % 33 === 1) publish("program", 1_000_000 + ms);
      if (workers[0].jobs.length > finished && ms >= busyUntil) {
        finished++;
        workers[0].answer();
        busyUntil = ms + milliseconds;
      }
      time.tick(1);
    }
    pool.stop();
    await Promise.all(results);
    assert.ok(made.camera >= 50, `${made.camera}`);
    assert.ok(Math.abs(made.camera / made.program - 1) <= 0.1, JSON.stringify(made));
  });
}

Deno.test("pool does every job of the newest frame, also when it comes in two", async () => {
  const { pool, workers } = setUp();
  const first = make(pool, frame(1), LOW);
  const [a, b] = [make(pool, frame(2), LOW), make(pool, frame(2), [SOURCE])];
  for (const result of [first, a, b]) {
    workers[0].answer();
    assert.notEqual(await result, null);
  }
  pool.stop();
});

Deno.test("pool drops and counts an output that arrives after that of a newer frame", async () => {
  const { pool, workers } = setUp(2);
  const sepia = SOURCE.with({ filter: "sepia" });
  const older = make(pool, frame(1), [...LOW, sepia]);
  const newer = make(pool, frame(2), LOW);
  workers[1].answer();
  workers[0].answer();
  assert.equal((await newer)?.outputs.length, 1);
  // In the other rendition, the older frame is still the newest.
  assert.deepEqual((await older)?.outputs, [, new Uint8Array([1])]);
  assert.deepEqual([pool.stats.late, pool.stats.transcoded, pool.stats.renditions], [1, 2, 2]);
  pool.stop();
});

Deno.test("pool passes on each output as soon as it is made", () => {
  const { pool, workers } = setUp();
  const given: number[] = [];
  const onOutput = (index: number) => void given.push(index);
  const renditions = [...LOW, SOURCE];
  pool.transcode({
    stream: "program",
    frame: frame(1),
    renditions,
    least: 1,
    onOutput,
    onFailure: () => {},
  });
  assert.deepEqual(given, []);
  workers[0].make(1);
  assert.deepEqual(given, [0]);
  workers[0].answer();
  assert.deepEqual(given, [0, 1]);
  pool.stop();
});

Deno.test("pool ends the oldest job early when a newer frame has waited for 10 ms", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp(2);
  const three = [...LOW, SOURCE, SOURCE.with({ quality: 50 })];
  const results = [make(pool, frame(1), three), make(pool, frame(2), three)];
  assert.deepEqual(workers.map(({ jobs }) => jobs[0].least), [1, 1]);
  time.tick(1000);
  assert.deepEqual(workers.map(({ isHurried }) => isHurried), [false, false]);
  results.push(make(pool, frame(3), LOW));
  time.tick(9);
  assert.deepEqual(workers.map(({ isHurried }) => isHurried), [false, false]);
  time.tick(1);
  assert.deepEqual(workers.map(({ isHurried }) => isHurried), [true, false]);
  // A frame that takes the place of the waiting one hurries the next worker.
  results.push(make(pool, frame(4), LOW));
  time.tick(10);
  assert.deepEqual(workers.map(({ isHurried }) => isHurried), [true, true]);
  workers[0].make(1);
  workers[0].answer({ isEarly: true });
  assert.equal((await results[0])?.outputs.length, 1);
  assert.deepEqual([pool.stats.skipped, pool.stats.superseded], [2, 1]);
  assert.equal(workers[0].jobs.at(-1)!.jpeg[0], 4);
  assert.equal(workers[0].isHurried, false);
  pool.stop();
  await Promise.all(results);
});

Deno.test("pool does not hurry a job for more of the same frame", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  const results = [make(pool, frame(1), LOW), make(pool, frame(1), [SOURCE])];
  time.tick(1000);
  assert.equal(workers[0].isHurried, false);
  pool.stop();
  await Promise.all(results);
});

Deno.test("pool drops and counts a corrupt frame and continues", async () => {
  const { pool, workers, log } = setUp();
  for (const sequence of [1, 2, 3]) {
    const bad = make(pool, frame(sequence), LOW);
    workers[0].answer({ error: "no EOI" });
    assert.equal(await bad, null);
  }
  assert.equal(pool.stats.corrupt, 3);
  assert.deepEqual(log.lines.map((line) => line.split(":")[0]), ["warn", "debug", "debug"]);
  const good = make(pool, frame(4), LOW);
  workers[0].answer();
  assert.notEqual(await good, null);
  pool.stop();
});

Deno.test("pool warns once of frames with the same error, and rarely of others", async () => {
  let now = 0;
  const { pool, workers, log } = setUp(1, { monotonic: () => now });
  let sequence = 0;
  const levelOf = async (error: string) => {
    const result = make(pool, frame(++sequence), LOW);
    workers[0].answer({ error });
    await result;
    return log.lines.at(-1)!.split(":")[0];
  };
  assert.equal(await levelOf("arithmetic coding"), "warn");
  assert.equal(await levelOf("no SOI"), "debug");
  now += 10_000;
  assert.equal(await levelOf("arithmetic coding"), "debug");
  assert.equal(await levelOf("no SOI"), "warn");
  pool.stop();
});

Deno.test("pool reports that a frame cannot be turned, and nothing more", async () => {
  const { pool, workers, log } = setUp();
  const result = pool.transcode({
    ...{ stream: "program", frame: frame(1), renditions: [SOURCE], least: 1, orientation: 6 },
    ...{ onOutput() {}, onFailure() {} },
  });
  workers[0].answer({ error: "no SOI" });
  await result;
  assert.deepEqual(log.lines, ["warn: Cannot rotate frame 1: no SOI"]);
  pool.stop();
});

Deno.test("pool counts a damaged frame of which it made renditions", async () => {
  const { pool, workers } = setUp();
  for (const [sequence, isDamaged] of [true, false, true].entries()) {
    const result = make(pool, frame(sequence + 1), LOW);
    workers[0].answer({ isDamaged });
    assert.equal((await result)?.outputs.length, 1);
  }
  const { repaired, corrupt, transcoded } = pool.stats;
  assert.deepEqual([repaired, corrupt, transcoded], [2, 0, 3]);
  pool.stop();
});

Deno.test("pool reports a frame that cannot be read, and one whose worker dies or hangs", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  let failures = 0;
  const transcode = (sequence: number) =>
    pool.transcode({
      ...{ stream: "program", frame: frame(sequence), renditions: LOW, least: 1 },
      ...{ onOutput() {}, onFailure: () => void failures++ },
    });
  const ends: [way: () => void, failures: number][] = [
    [() => workers.at(-1)!.answer(), 0],
    [() => workers.at(-1)!.answer({ error: "no EOI" }), 1],
    [() => workers.at(-1)!.die(), 2],
    [() => workers.at(-1)!.answer(), 2],
    [() => time.tick(10_000), 3],
  ];
  for (const [i, [end, expected]] of ends.entries()) {
    const result = transcode(i + 1);
    end();
    await result;
    assert.equal(failures, expected);
  }
  // A frame that a newer one replaces has not failed.
  const results = [6, 7, 8].map(transcode);
  workers.at(-1)!.answer();
  workers.at(-1)!.answer();
  await Promise.all(results);
  assert.equal(failures, 3);
  pool.stop();
});

Deno.test("pool replaces a worker that dies and gives up its frame", async () => {
  const { pool, workers, log } = setUp();
  const first = make(pool, frame(1), LOW);
  workers[0].answer();
  await first;
  const lost = make(pool, frame(2), LOW);
  workers[0].die();
  assert.equal(await lost, null);
  assert.ok(workers[0].terminated);
  const next = make(pool, frame(3), LOW);
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
  const result = make(pool, frame(1), LOW);
  time.tick(1000);
  assert.equal(workers.length, 2);
  workers[1].answer();
  pool.stop();
  return result.then((made) => assert.notEqual(made, null));
});

Deno.test("pool replaces a worker that hangs", async () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  const first = make(pool, frame(1), LOW);
  workers[0].answer();
  await first;
  const hung = make(pool, frame(2), LOW);
  time.tick(10_000);
  assert.equal(await hung, null);
  assert.ok(workers[0].terminated);
  assert.equal(workers.length, 2);
  pool.stop();
});

Deno.test("pool gives up everything when it stops, and whatever is asked later", async () => {
  const { pool, workers } = setUp();
  const results = [make(pool, frame(1), LOW), make(pool, frame(2), LOW)];
  pool.stop();
  assert.deepEqual(await Promise.all(results), [null, null]);
  assert.ok(workers[0].terminated);
  assert.equal(await make(pool, frame(3), LOW), null);
});

Deno.test("pool counts renditions, and reports how long each job took, failed ones too", async () => {
  const worker = new ManualWorker();
  const took: number[] = [];
  const pool = new TranscoderPool({
    codec: "dct",
    workers: 1,
    log: recordingLog(),
    createWorker: () => worker,
    onJob: (milliseconds) => took.push(milliseconds),
  });
  const two = make(pool, frame(1), [...LOW, SOURCE.with({ quality: 50 })]);
  assert.deepEqual(took, []);
  worker.answer();
  await two;
  const bad = make(pool, frame(2), LOW);
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

Deno.test("pool does deferred jobs only when no other waits", async () => {
  const { pool, workers } = setUp();
  const running = make(pool, frame(1), LOW);
  const deferred = [1, 2].map((n) => deferredJob(pool, n, `replay ${n}`));
  const live = make(pool, frame(2), LOW);
  for (const result of [running, live, ...deferred]) {
    workers[0].answer();
    assert.notEqual(await result, null);
  }
  assert.deepEqual(workers[0].jobs.map(({ jpeg }) => jpeg[0]), [1, 2, 101, 102]);
  pool.stop();
});

Deno.test("pool keeps a thread free of deferred jobs, if it has several", async () => {
  const { pool, workers } = setUp(3);
  const deferred = [1, 2, 3].map((n) => deferredJob(pool, n, `replay ${n}`));
  assert.deepEqual(workers.map(({ jobs }) => jobs.length), [1, 1, 0]);
  const live = make(pool, frame(1), LOW);
  workers[2].answer();
  assert.notEqual(await live, null);
  assert.equal(workers[2].jobs.length, 1);
  workers[0].answer();
  await deferred[0];
  assert.equal(workers[0].jobs.length, 2);
  pool.stop();
  await Promise.all(deferred);
});

Deno.test("pool does not hurry a live job for a deferred one, but the other way round", () => {
  using time = new FakeTime();
  const { pool, workers } = setUp();
  make(pool, frame(1), LOW);
  deferredJob(pool, 1, "replay 1");
  time.tick(15);
  assert.equal(workers[0].isHurried, false);
  workers[0].answer();
  make(pool, frame(2), LOW);
  time.tick(15);
  assert.equal(workers[0].isHurried, true);
  pool.stop();
});

/** A job for frame 100 + `sequence` of a stream that makes way for others. */
function deferredJob(pool: TranscoderPool, sequence: number, stream: string) {
  return pool.transcode({
    ...{ stream, frame: frame(100 + sequence), renditions: LOW, least: 1, isDeferred: true },
    onOutput: () => {},
    onFailure: () => {},
  });
}
