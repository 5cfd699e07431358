import assert from "node:assert/strict";
import { pollRate } from "../../../src/producers/ffmpeg/poll_rate.ts";
import { Polling, type PollingOptions, type Run } from "../../../src/producers/ffmpeg/polling.ts";
import type { AttemptEnd, AttemptOptions } from "../../../src/producers/ffmpeg/attempt.ts";
import type { Findings } from "../../../src/producers/ffmpeg/findings.ts";
import type { Way } from "../../../src/producers/ffmpeg/way.ts";
import { FrameSplitter } from "../../../src/producers/ffmpeg/splitter.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { recordingLog } from "../../support/recording_log.ts";

const END: AttemptEnd = {
  startFailure: null,
  wrongWay: false,
  hadData: false,
  stalled: false,
  astray: false,
  hadFrames: false,
  liveFor: 0,
  damaged: 0,
  oversized: 0,
  lines: [],
};

/** A run of ffmpeg that does what a test says. */
class FakeRun implements Run {
  readonly #end = Promise.withResolvers<AttemptEnd>();
  readonly ended = this.#end.promise;
  isKilled = false;
  constructor(readonly options: AttemptOptions, readonly startedAt: number) {}

  kill(): void {
    this.isKilled = true;
    this.finish();
  }

  finish(end: Partial<AttemptEnd> = {}): void {
    this.#end.resolve({ ...END, ...end });
  }
}

function wayOf(args: readonly string[], copies: boolean): Way {
  return { name: "poll", args, copies, evidence: "none", polls: true };
}

/** Polls whose every ffmpeg is a fake one, in fake time. */
class Stage implements Disposable {
  readonly time = new FakeTime();
  readonly runs: FakeRun[] = [];
  readonly shown: number[] = [];
  readonly polling: Polling;
  end: AttemptEnd | null = null;

  constructor(options: Partial<PollingOptions> = {}) {
    this.polling = new Polling({
      ffmpeg: { program: "ffmpeg", system: "linux", log: recordingLog() },
      way: wayOf(["-v", "-i", "http://cam/snap.jpg", "pipe:1"], true),
      firstFrameMs: 10_000,
      learn: () => true,
      isRemote: true,
      splitter: new FrameSplitter(),
      onFrame: ([byte]) => this.shown.push(byte),
      onLine() {},
      rate: { intervalMs: 500, maxIntervalMs: 2_000 },
      run: (each) => {
        const run = new FakeRun(each, this.time.now);
        this.runs.push(run);
        return run;
      },
      clock: { monotonic: () => this.time.now },
      ...options,
    });
    this.polling.ended.then((end) => this.end = end);
  }

  get run(): FakeRun {
    return this.runs.at(-1)!;
  }

  /** Answers the present poll with a picture of one byte, and lets time pass after it. */
  async answer(byte: number, thenMs: number, headers: readonly string[] = []): Promise<void> {
    for (const line of ["http_code=200", ...headers]) this.run.options.onLine(line);
    this.run.options.onFrame(Uint8Array.of(byte), 0, null);
    this.run.finish();
    await this.pass(thenMs);
  }

  async fail(thenMs: number, end: Partial<AttemptEnd> = {}): Promise<void> {
    this.run.finish(end);
    await this.pass(thenMs);
  }

  async pass(milliseconds: number): Promise<void> {
    await this.settle();
    this.time.tick(milliseconds);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  }

  get isOver(): boolean {
    return this.end !== null;
  }

  get starts(): number[] {
    return this.runs.map(({ startedAt }) => startedAt);
  }

  [Symbol.dispose](): void {
    this.polling.kill();
    this.time[Symbol.dispose]();
  }
}

/** Polls in a way that is wrong, whatever is learned, and what they learn. */
function learningStage(copies: boolean): { stage: Stage; learned: Findings[] } {
  const learned: Findings[] = [];
  const stage = new Stage({
    way: wayOf(["-i", "x"], copies),
    learn(findings) {
      learned.push(findings);
      return false;
    },
  });
  return { stage, learned };
}

Deno.test("polling starts each poll an interval after the last one, and shows what changed", async () => {
  using stage = new Stage();
  for (const byte of [1, 2, 3]) await stage.answer(byte, 500);
  assert.deepEqual(stage.shown, [1, 2, 3]);
  assert.deepEqual(stage.starts, [0, 500, 1_000, 1_500]);
});

Deno.test("polling waits for a slow answer, and polls at once after it", async () => {
  using stage = new Stage();
  await stage.answer(1, 500);
  await stage.pass(1_300);
  assert.equal(stage.runs.length, 2);
  await stage.answer(2, 0);
  assert.deepEqual(stage.starts, [0, 500, 1_800]);
});

Deno.test("polling shows a picture that does not change once, and asks for it less often", async () => {
  using stage = new Stage();
  for (const pause of [500, 1_000, 2_000, 2_000]) await stage.answer(1, pause);
  assert.deepEqual(stage.shown, [1]);
  await stage.answer(2, 500);
  assert.deepEqual(stage.shown, [1, 2]);
  assert.deepEqual(stage.starts, [0, 500, 1_500, 3_500, 5_500, 6_000]);
});

Deno.test("polling asks whether the picture has changed, and takes 304 for a sound answer", async () => {
  using stage = new Stage();
  await stage.answer(1, 500, ["header='ETag: \"one\"'"]);
  const headersOf = ({ options: { way: { args } } }: FakeRun) =>
    args.slice(args.indexOf("-headers") + 1)[0];
  assert.ok(!stage.runs[0].options.way.args.includes("-headers"));
  assert.equal(headersOf(stage.runs[1]), 'If-None-Match: "one"\r\n');
  for (let polls = 0; polls < 4; polls++) {
    stage.run.options.onLine("http_code=304");
    assert.ok(stage.run.isKilled, "the camera may keep the connection open");
    await stage.pass(2_000);
    assert.equal(headersOf(stage.run), 'If-None-Match: "one"\r\n', "304 need not repeat the tag");
  }
  assert.deepEqual([stage.shown, stage.end], [[1], null]);
  await stage.answer(2, 500, ["header='ETag: \"two\"'"]);
  assert.equal(headersOf(stage.run), 'If-None-Match: "two"\r\n');
  assert.deepEqual(stage.shown, [1, 2]);
});

Deno.test("polling keeps a picture while polls fail now and then", async () => {
  using stage = new Stage();
  for (let times = 0; times < 4; times++) {
    await stage.answer(times, 500);
    await stage.fail(500);
    await stage.fail(500);
  }
  assert.equal(stage.isOver, false);
  assert.deepEqual(stage.shown, [0, 1, 2, 3]);
});

Deno.test("polling ends when three polls and 2 s brought nothing", async () => {
  using quick = new Stage();
  await quick.answer(1, 500);
  for (const past of [500, 1_000, 1_500]) {
    await quick.fail(500);
    assert.equal(quick.isOver, false, `not after ${past} ms`);
  }
  await quick.fail(0, { lines: ["Connection refused"] });
  assert.deepEqual(quick.end, { ...END, hadFrames: true, lines: ["Connection refused"] });
});

Deno.test("polling at one picture in 2 s ends after three polls", async () => {
  using slow = new Stage({ rate: { intervalMs: 2_000, maxIntervalMs: 2_000 } });
  await slow.answer(1, 2_000);
  await slow.fail(2_000);
  await slow.fail(2_000);
  assert.equal(slow.isOver, false);
  await slow.fail(0);
  assert.equal(slow.isOver, true);
});

Deno.test("polling ends when an answer takes 5 s, and says that it stalled", async () => {
  using stage = new Stage();
  await stage.answer(1, 500);
  await stage.pass(4_900);
  assert.equal(stage.isOver, false);
  await stage.pass(200);
  assert.deepEqual(stage.end, { ...END, hadFrames: true, stalled: true });
});

Deno.test("polling ends at once when the first poll fails", async () => {
  using stage = new Stage();
  await stage.fail(0);
  assert.deepEqual(stage.end, END);
});

Deno.test("polling asks for a decoder when the only picture cannot be passed on", async () => {
  for (const copies of [true, false]) {
    const { stage, learned } = learningStage(copies);
    using _ = stage;
    await stage.fail(0, { oversized: 1 });
    assert.deepEqual(learned, copies ? [{ isUnsound: true }] : []);
    assert.equal(stage.end?.wrongWay, copies);
  }
});

Deno.test("polling takes a damaged picture behind a sound one for a passing fault", async () => {
  using stage = new Stage({ learn: () => assert.fail("Nothing is to be learned") });
  await stage.answer(1, 500);
  await stage.fail(500, { damaged: 1 });
  await stage.answer(2, 500);
  assert.deepEqual(stage.shown, [1, 2]);
});

const PARTS = "header='Content-Type: multipart/x-mixed-replace'";

Deno.test("polling ends when an answer has a second picture: it is a stream", async () => {
  for (const [copies, headers] of [[true, []], [true, [PARTS]], [false, [PARTS]]] as const) {
    const { stage, learned } = learningStage(copies);
    using _ = stage;
    await stage.answer(1, 500);
    for (const line of headers) stage.run.options.onLine(line);
    stage.run.options.onFrame(Uint8Array.of(2), 0, null);
    assert.equal(stage.run.isKilled, false);
    stage.run.options.onFrame(Uint8Array.of(3), 0, null);
    assert.equal(stage.run.isKilled, true);
    await stage.settle();
    assert.deepEqual(learned, [{ isStill: false }]);
    assert.equal(stage.end?.wrongWay, true);
  }
});

Deno.test("polling ends when parts do not end in 2 s, or cannot be read at first", async () => {
  for (const pictures of [0, 1]) {
    const { stage, learned } = learningStage(true);
    using _ = stage;
    stage.run.options.onLine(PARTS);
    for (let sent = 0; sent < pictures; sent++) {
      stage.run.options.onFrame(Uint8Array.of(1), 0, null);
    }
    await stage.pass(1_900);
    assert.deepEqual([stage.run.isKilled, learned], [false, []]);
    await stage.pass(200);
    assert.deepEqual(learned, [{ isStill: false }]);
    assert.equal(stage.end?.wrongWay, true);
  }
  const { stage, learned } = learningStage(true);
  using _ = stage;
  stage.run.options.onLine(PARTS);
  await stage.fail(0);
  assert.deepEqual(learned, [{ isStill: false }]);
});

Deno.test("polling goes on with a picture that is the only part of each answer", async () => {
  using stage = new Stage({ learn: () => assert.fail("Nothing is to be learned") });
  for (const byte of [1, 2]) await stage.answer(byte, 2_500, [PARTS]);
  assert.deepEqual(stage.shown, [1, 2]);
});

Deno.test("polling takes no preview that was encoded for a second picture", () => {
  using stage = new Stage({
    way: wayOf(["-i", "x"], false),
    learn: () => assert.fail("Nothing is to be learned"),
  });
  stage.run.options.onFrame(Uint8Array.of(1), 0, null);
  assert.equal(stage.run.isKilled, true);
});

Deno.test("polling that is killed ends without another poll or picture", async () => {
  using stage = new Stage();
  await stage.answer(1, 200);
  stage.polling.kill();
  await stage.pass(5_000);
  assert.equal(stage.end?.hadFrames, true);
  assert.equal(stage.runs.length, 1);
});

Deno.test("an address is polled twice a second at most, unless another rate is given", () => {
  const camera = { kind: "url", url: "http://cam/snap.jpg" } as const;
  assert.equal(pollRate(camera, 30, false).intervalMs, 500);
  assert.equal(pollRate(camera, 1, false).intervalMs, 1_000);
  assert.deepEqual(pollRate(camera, 10, true), { intervalMs: 100, maxIntervalMs: 100 });
  // What is written on this machine is seen soon enough.
  assert.equal(pollRate({ kind: "file", path: "snap.jpg" }, 10, true).intervalMs, 500);
});
