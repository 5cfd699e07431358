import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { atOnce } from "../support/at_once.ts";
import { isRunning } from "../support/is_running.ts";
import { type Behaviour, FakeFfmpeg } from "../support/fake_ffmpeg.ts";
import { type Health, healthOf } from "../support/process_health.ts";
import { startProgram } from "../support/program.ts";
import { administer, stateOf } from "../support/requests.ts";
import { StreamClient, type StreamPart } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/**
 * Maximum memory for all the faults together, in MiB. A frame may take 32, and larger ones may
 * still wait for the garbage collector.
 */
const MOST = 200;

/** The program with an ffmpeg that the test controls, and two viewers. */
class Scene implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;

  private constructor(
    readonly fake: FakeFfmpeg,
    readonly program: Awaited<ReturnType<typeof startProgram>>,
    readonly high: StreamClient,
    readonly low: StreamClient,
    stack: AsyncDisposableStack,
  ) {
    this.#stack = stack;
  }

  static async open(first: Behaviour): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const fake = stack.use(await FakeFfmpeg.create());
    await fake.behave(first);
    const program = stack.use(
      await startProgram([
        ...["--source=test", "--resolution=320x240", `--ffmpeg=${fake.program}`],
      ]),
    );
    const high = stack.use(await StreamClient.open(`${program.origin}/stream`));
    const low = stack.use(await StreamClient.open(`${program.origin}/stream?quality=low`));
    return new Scene(fake, program, high, low, stack.move());
  }

  /** Returns the log lines above `info` that follow the given offset. */
  warnings(from: number): string[] {
    const lines = this.program.output().slice(from).split("\n");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
      .filter(({ level }) => level !== "info").map(({ message }) => message);
  }

  async isLive(): Promise<boolean> {
    return (await stateOf(this.program)).live === true;
  }

  async untilLive(): Promise<void> {
    await until("frames", () => this.isLive(), Boolean, { timeout: 5_000 });
  }

  async untilAway(timeout: number): Promise<void> {
    await until("the frames to stop", async () => !await this.isLive(), Boolean, { timeout });
  }

  /** Reopens the source without a pause, as the studio can. */
  async again(): Promise<void> {
    await administer(this.program, "source", { source: "test" });
  }

  /** Kills the running ffmpeg and waits for the next one, which behaves differently. */
  async begin(behaviour: Behaviour): Promise<void> {
    await this.fake.behave(behaviour);
    const before = await this.fake.pids();
    Deno.kill(before.at(-1)!, "SIGKILL");
    let looks = 0;
    await until(
      `an ffmpeg: ${behaviour}`,
      async () => {
        const isStarted = (await this.fake.pids()).length > before.length;
        // Starts again whenever that helps, but not while a start may be under way.
        if (!isStarted && looks++ % 5 === 1) await this.again();
        return isStarted;
      },
      Boolean,
      { timeout: 5_000, every: 100 },
    );
  }

  /** Asserts that every viewer still gets frames over the same connection. */
  async assertServed(count: number, withinMs: number): Promise<StreamPart[]> {
    const viewers = [this.high, this.low];
    const [parts] = await Promise.all(viewers.map((viewer) => viewer.next(count, withinMs)));
    return parts;
  }

  /** Returns how the program is once the ffmpeg that lists its encoders has ended. */
  settled(): Promise<Health> {
    return until(
      "one ffmpeg",
      () => healthOf(this.program.pid),
      ({ children }) => children.length === 1,
    );
  }

  /** Asserts that the faults since then left nothing behind. */
  async assertClean(before: Health): Promise<void> {
    const { fake, program, high, low } = this;
    await until(
      "the children of before",
      async () => (await healthOf(program.pid)).children,
      (now) => `${now}` === `${before.children}`,
    );
    const after = await healthOf(program.pid);
    assert.equal(after.workers, before.workers);
    assert.ok(after.files <= before.files + 2, `${after.files} files, ${before.files} before`);
    assert.ok(after.memory < before.memory + MOST, `${after.memory} MiB, ${before.memory} before`);
    assert.equal(high.isOver || low.isOver, false);
    for (const pid of (await fake.pids()).slice(0, -1)) assert.equal(await isRunning(pid), false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** An ffmpeg that starts slowly, is killed and then stopped. */
async function stopping(t: Deno.TestContext): Promise<void> {
  await using scene = await Scene.open("slow");
  const { fake, program } = scene;

  await t.step("standby card says what a slowly starting ffmpeg is waiting for", async () => {
    const { live, reason } = await stateOf(program);
    assert.deepEqual([live, reason], [false, "waiting"]);
    await scene.assertServed(1, 1_500);
    assert.match(
      program.output(),
      /"level":"info","message":"Waiting for pictures from the test pict/,
    );
    await scene.untilLive();
    await scene.assertServed(10, 3_000);
  });
  await fake.behave("sound");
  const before = await scene.settled();

  await t.step("killed ffmpeg restarts without a card or a warning", async () => {
    const from = program.output().length;
    const pids = await fake.pids();
    Deno.kill(pids.at(-1)!, "SIGKILL");
    const isStarted = async () => (await fake.pids()).length > pids.length;
    await until("another start", isStarted, Boolean, { timeout: 2_000 });
    await scene.assertServed(10, 3_000);
    assert.ok(await scene.isLive());
    assert.deepEqual(scene.warnings(from), []);
  });

  await t.step("stopped ffmpeg is killed after 5 s and restarted", async () => {
    const from = program.output().length;
    const stopped = (await fake.pids()).at(-1)!;
    Deno.kill(stopped, "SIGSTOP");
    await scene.untilAway(7_500);
    await scene.assertServed(1, 1_500);
    assert.deepEqual(scene.warnings(from), ["No more pictures come from the test picture"]);
    assert.equal(await isRunning(stopped), false);
    await scene.untilLive();
  });

  await t.step("these faults leave nothing behind", () => scene.assertClean(before));
}

/** An ffmpeg that writes what no ffmpeg would. */
async function wild(t: Deno.TestContext): Promise<void> {
  await using scene = await Scene.open("sound");
  const { program } = scene;
  await scene.untilLive();
  await scene.assertServed(10, 3_000);
  const before = await scene.settled();

  for (
    const [name, behaviour] of [
      ["writes endless zeros", "zeros"],
      ["writes endless noise", "noise"],
      ["writes an endless frame", "endless frame"],
      ["writes frames of 40 MiB", "huge frames"],
      ["logs endlessly", "words"],
    ] as const
  ) {
    await t.step(`ffmpeg that ${name} costs no memory and no viewer's connection`, async () => {
      const from = program.output().length;
      await scene.begin(behaviour);
      const memory: number[] = [];
      for (let looks = 0; looks < 5; looks++) {
        await delay(200);
        memory.push((await healthOf(program.pid)).memory);
      }
      assert.ok(Math.max(...memory) < before.memory + MOST, `${before.memory} MiB, then ${memory}`);
      await scene.untilAway(3_000);
      await scene.assertServed(1, 2_500);
      await scene.begin("sound");
      await scene.untilLive();
      await scene.assertServed(5, 3_000);
      // One line that frames stopped, unless repeated too often before, and one with the reason.
      const logged = scene.warnings(from);
      assert.ok(logged.length >= 1 && logged.length <= 2, program.output().slice(from));
    });
  }

  await t.step("frames of 65535x65535 pixels are dropped before they take memory", async () => {
    const from = program.output().length;
    await scene.begin("impossible frame");
    await scene.untilLive();
    await scene.assertServed(10, 3_000);
    const { memory } = await healthOf(program.pid);
    assert.ok(memory < before.memory + MOST, `${memory} MiB, ${before.memory} before`);
    assert.doesNotMatch(scene.warnings(from).join(), /Cannot transcode/);
    const { replaced, oversized } = (await stateOf(program)).counters;
    // Three now, plus earlier ones: an endless frame and some of 40 MiB.
    assert.equal(replaced, 0);
    assert.ok(oversized >= 5, `${oversized} oversized`);
  });

  await t.step("these faults leave nothing behind", () => scene.assertClean(before));
}

/** An ffmpeg that exits at once. */
async function ending(t: Deno.TestContext): Promise<void> {
  await using scene = await Scene.open("sound");
  const { fake, program } = scene;
  await scene.untilLive();
  const before = await scene.settled();

  await t.step(
    "ffmpeg that exits at once restarts with growing pauses and is logged once",
    async () => {
      // The restart is immediate once the source has delivered frames for a while.
      await delay(2_000);
      await fake.behave("ends");
      const from = program.output().length;
      const started = await fake.pids();
      Deno.kill(started.at(-1)!, "SIGKILL");
      await delay(4_500);
      // After one second, then after two more.
      const tries = (await fake.pids()).length - started.length;
      assert.ok(tries >= 1 && tries <= 3, `${tries} tries in 4.5 s`);
      // One line that frames stopped, and one for the failed open.
      const logged = scene.warnings(from);
      assert.equal(logged.at(-1), "Cannot open the test picture: ffmpeg ended without a message");
      assert.ok(logged.length <= 2, logged.join());
      await scene.assertServed(1, 1_500);
      await fake.behave("sound");
      await scene.again();
      await scene.untilLive();
      await scene.assertServed(10, 3_000);
    },
  );

  await t.step("these faults leave nothing behind", () => scene.assertClean(before));
}

Deno.test("viewers stay connected through every ffmpeg fault", (t) =>
  atOnce(t, {
    "ffmpeg is slow, killed or stopped": stopping,
    "ffmpeg writes what it should not": wild,
    "ffmpeg exits": ending,
  }));
