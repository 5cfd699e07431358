import assert from "node:assert/strict";
import { type Behaviour, FakeFfmpeg } from "../support/fake_ffmpeg.ts";
import { isRunning } from "../support/fake_camera.ts";
import { healthOf } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { type WatchedPart, Watcher } from "../support/watcher.ts";

const TOKEN = "token-of-this-test";

/**
 * Maximum memory for all the faults together, in MiB. A frame may take 32, and larger ones may
 * still wait for the garbage collector.
 */
const MOST = 200;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Returns the log lines above `info` that follow the given offset. */
function warnings(program: Program, from: number): string[] {
  const lines = program.output().slice(from).split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line)).filter(({ level }) => level !== "info")
    .map(({ message }) => message);
}

async function stateOf(program: Program) {
  return (await (await fetch(`${program.origin}/state`)).json()).result;
}

Deno.test("viewers stay connected through every ffmpeg fault", async (t) => {
  await using fake = await FakeFfmpeg.create();
  await fake.behave("slow");
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", `--ffmpeg=${fake.program}`],
    `--admin-token=${TOKEN}`,
  ]);
  await using high = await Watcher.open(`${program.origin}/stream`);
  await using low = await Watcher.open(`${program.origin}/stream?quality=low`);

  /** Reopens the source without a pause, as the studio can. */
  const again = async () => {
    const response = await fetch(`${program.origin}/admin/source`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: '{"source":"test"}',
    });
    await response.body?.cancel();
  };
  const isLive = async () => (await stateOf(program)).live === true;
  const until = async (what: string, holds: () => Promise<boolean>, withinMs: number) => {
    const end = performance.now() + withinMs;
    while (!await holds()) {
      assert.ok(performance.now() < end, `not ${what} within ${withinMs} ms: ${program.output()}`);
      await pause(50);
    }
  };
  /** Kills the running ffmpeg and waits for the next one, which behaves differently. */
  const begin = async (behaviour: Behaviour) => {
    await fake.behave(behaviour);
    const before = await fake.pids();
    Deno.kill(before.at(-1)!, "SIGKILL");
    const isStarted = async () => (await fake.pids()).length > before.length;
    for (let looks = 0; !await isStarted(); looks++) {
      assert.ok(looks < 50, `not started again: ${program.output()}`);
      await pause(100);
      // Starts again whenever that helps, but not while a start may be under way.
      if (looks % 5 === 1) await again();
    }
  };
  const backToLive = async () => {
    await begin("sound");
    await until("live", isLive, 5_000);
  };
  /** Asserts that every viewer still gets frames over the same connection. */
  const assertServed = async (count: number, withinMs: number): Promise<WatchedPart[]> => {
    const [parts] = await Promise.all([high.next(count, withinMs), low.next(count, withinMs)]);
    return parts;
  };

  await t.step(
    "standby card says what a slowly starting ffmpeg is waiting for",
    async () => {
      const { live, reason } = await stateOf(program);
      assert.deepEqual([live, reason], [false, "Waiting for pictures from the test picture"]);
      await assertServed(1, 1_500);
      assert.match(
        program.output(),
        /"level":"info","message":"Waiting for pictures from the test pict/,
      );
      await until("live", isLive, 5_000);
      await assertServed(10, 3_000);
    },
  );
  await fake.behave("sound");
  const before = await healthOf(program.pid);

  await t.step("killed ffmpeg restarts without a card or a warning", async () => {
    const from = program.output().length;
    const pids = await fake.pids();
    Deno.kill(pids.at(-1)!, "SIGKILL");
    await until("started again", async () => (await fake.pids()).length > pids.length, 2_000);
    await assertServed(10, 3_000);
    assert.ok(await isLive());
    assert.deepEqual(warnings(program, from), []);
  });

  await t.step("stopped ffmpeg is killed after 5 s and restarted", async () => {
    const from = program.output().length;
    const stopped = (await fake.pids()).at(-1)!;
    Deno.kill(stopped, "SIGSTOP");
    await until("away", async () => !await isLive(), 7_500);
    await assertServed(1, 1_500);
    assert.deepEqual(warnings(program, from), ["No more pictures come from the test picture"]);
    assert.equal(await isRunning(stopped), false);
    await until("live", isLive, 5_000);
  });

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
      await begin(behaviour);
      const memory: number[] = [];
      for (let looks = 0; looks < 5; looks++) {
        await pause(200);
        memory.push((await healthOf(program.pid)).memory);
      }
      assert.ok(Math.max(...memory) < before.memory + MOST, `${before.memory} MiB, then ${memory}`);
      await until("away", async () => !await isLive(), 3_000);
      await assertServed(1, 2_500);
      await backToLive();
      await assertServed(5, 3_000);
      // One line that frames stopped, unless repeated too often before, and one with the reason.
      const logged = warnings(program, from);
      assert.ok(logged.length >= 1 && logged.length <= 2, program.output().slice(from));
    });
  }

  await t.step("frames of 65535x65535 pixels are dropped before they take memory", async () => {
    const from = program.output().length;
    await begin("impossible frame");
    await until("live", isLive, 5_000);
    await assertServed(10, 3_000);
    const { memory } = await healthOf(program.pid);
    assert.ok(memory < before.memory + MOST, `${memory} MiB, ${before.memory} before`);
    assert.doesNotMatch(warnings(program, from).join(), /Cannot transcode/);
    const { replaced, oversized } = (await stateOf(program)).counters;
    // Three now, plus earlier ones: an endless frame and some of 40 MiB.
    assert.equal(replaced, 0);
    assert.ok(oversized >= 5, `${oversized} oversized`);
  });

  await t.step(
    "ffmpeg that exits at once restarts with growing pauses and is logged once",
    async () => {
      // Earlier failures no longer count after 2 s of frames.
      await pause(2_000);
      await fake.behave("ends");
      const from = program.output().length;
      const started = await fake.pids();
      Deno.kill(started.at(-1)!, "SIGKILL");
      await pause(4_500);
      // After one second, then after two more.
      const tries = (await fake.pids()).length - started.length;
      assert.ok(tries >= 1 && tries <= 3, `${tries} tries in 4.5 s`);
      // One line that frames stopped, unless repeated too often before, and one for the failed open.
      const logged = warnings(program, from);
      assert.equal(logged.at(-1), "Cannot open the test picture: ffmpeg ended without a message");
      assert.ok(logged.length <= 2, logged.join());
      await assertServed(1, 1_500);
      await fake.behave("sound");
      await again();
      await until("live", isLive, 5_000);
      await assertServed(10, 3_000);
    },
  );

  await t.step("faults leave nothing behind", async () => {
    await pause(300);
    const after = await healthOf(program.pid);
    assert.deepEqual(after.children, before.children);
    assert.equal(after.workers, before.workers);
    assert.ok(after.files <= before.files + 2, `${after.files} files, ${before.files} before`);
    assert.ok(after.memory < before.memory + MOST, `${after.memory} MiB, ${before.memory} before`);
    assert.equal(high.isOver || low.isOver, false);
    for (const pid of (await fake.pids()).slice(0, -1)) assert.equal(await isRunning(pid), false);
  });
});
