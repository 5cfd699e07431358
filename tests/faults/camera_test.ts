import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { atOnce } from "../support/at_once.ts";
import { framesOf, movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { isRunning } from "../support/is_running.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { type Health, healthOf } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { StreamClient, type StreamPart } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

function contentOf(jpeg: Uint8Array): string {
  return Buffer.from(jpeg).toString("base64");
}

/** Returns the number of pixels ffmpeg decodes. Throws if the frame has any damage. */
async function pixelsOf({ jpeg }: StreamPart): Promise<number> {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  try {
    await Deno.writeFile(path, jpeg);
    const raw = ["-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"];
    return (await ffmpeg("-xerror", "-i", path, ...raw)).length;
  } finally {
    await Deno.remove(path);
  }
}

/** The program with a camera that the test controls, and a viewer. */
class Scene implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;

  private constructor(
    readonly camera: FakeCamera,
    readonly program: Program,
    readonly viewer: StreamClient,
    stack: AsyncDisposableStack,
  ) {
    this.#stack = stack;
  }

  static async open(): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const camera = stack.use(await FakeCamera.create({ clip: await movingClip() }));
    const program = stack.use(await startProgram([...camera.options, "--resolution=640x480"]));
    const viewer = stack.use(await StreamClient.open(`${program.origin}/stream`));
    return new Scene(camera, program, viewer, stack.move());
  }

  async health() {
    const response = await fetch(`${this.program.origin}/healthz`);
    return { status: response.status, ...await response.json() };
  }

  state() {
    return stateOf(this.program);
  }

  /** Waits until the newest part is, or is not, the camera's. Returns the time that took. */
  async untilLive(live: boolean, withinMs: number): Promise<number> {
    const { parts } = this.viewer;
    const begun = performance.now();
    const from = parts.length;
    const holds = () => parts.length > from && isLive(parts.at(-1)!) === live;
    await this.viewer.until(live ? "live" : "standby", holds, withinMs);
    return performance.now() - begun;
  }

  /** Asserts that the log has these warnings and no others. */
  assertWarned(...messages: readonly string[]): void {
    const lines = this.program.output().split("\n").filter((line) => line.startsWith("{"));
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");
    assert.deepEqual(warnings.map(({ message }) => message), messages);
  }

  /** Asserts that the faults since then left nothing behind and disturbed no viewer. */
  async assertClean(before: Health): Promise<void> {
    const after = await healthOf(this.program.pid);
    assert.deepEqual(after.children, before.children);
    assert.equal(after.workers, before.workers);
    assert.ok(after.files <= before.files + 2, `${after.files} files, ${before.files} before`);
    assert.ok(after.memory < before.memory + 60, `${after.memory} MiB, ${before.memory} before`);
    const sequences = this.viewer.parts.map(({ sequence }) => sequence);
    assert.ok(sequences.every((sequence, i) => i === 0 || sequence >= sequences[i - 1]));
    assert.equal(this.viewer.isOver, false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const FRAMES = new Set((await framesOf(await movingClip())).map(contentOf));

/** Whether a part is a frame of the camera rather than a card. */
function isLive({ jpeg }: StreamPart): boolean {
  return FRAMES.has(contentOf(jpeg));
}

/** A camera that is unplugged, and whose ffmpeg is killed. */
async function unplugging(t: Deno.TestContext): Promise<void> {
  await using scene = await Scene.open();
  const { camera, program, viewer } = scene;

  await t.step("High is the camera's own bytes, 30 times a second", async () => {
    const parts = await viewer.next(60, 5_000);
    for (const part of parts) {
      assert.ok(isLive(part), "not a frame of the clip");
      assert.equal(part.quality, "source");
    }
    assert.ok(new Set(parts.map(({ jpeg }) => contentOf(jpeg))).size > 50);
    assert.equal((await scene.health()).status, 200);
    const { live, encoder } = await scene.state();
    assert.deepEqual([live, encoder], [true, { type: "HW", quality: 0 }]);
  });

  await t.step("unplugged camera shows a standby card 2 s after its last frame", async () => {
    await camera.unplug();
    await scene.untilLive(false, 3_000);
    assert.equal(await pixelsOf(viewer.parts.at(-1)!), 640 * 480);
    const reason = "camera-unplugged";
    const { status, live: isHealthy, checks } = await scene.health();
    assert.deepEqual([status, isHealthy, checks.source], [503, false, { ok: false }]);
    const { live, reason: shown, source, encoder } = await scene.state();
    assert.equal(encoder.type, "CPU");
    assert.deepEqual({ live, shown, online: source.online }, {
      live: false,
      shown: reason,
      online: false,
    });
  });

  await t.step("standby card is repeated every second", async () => {
    const parts = await viewer.next(3, 5_000);
    for (const part of parts) assert.ok(!isLive(part));
    assert.deepEqual(new Set(parts.map(({ jpeg }) => contentOf(jpeg))).size, 1);
    for (let i = 1; i < parts.length; i++) {
      const pause = parts[i].at - parts[i - 1].at;
      assert.ok(pause > 700 && pause < 1_600, `a picture after ${pause} ms`);
    }
  });

  await t.step("viewer who joins now sees the standby card at once", async () => {
    await using late = await StreamClient.open(`${program.origin}/stream`);
    const [part] = await late.next(1, 500);
    assert.ok(!isLive(part));
  });

  await t.step("reconnected camera is live within 3 s", async () => {
    await camera.plugIn();
    await scene.untilLive(true, 3_000);
    assert.equal((await scene.health()).status, 200);
    assert.equal((await scene.state()).reason, null);
    for (const part of await viewer.next(30, 3_000)) assert.ok(isLive(part));
  });

  // The drawing code of the standby card stays loaded.
  const before = await healthOf(program.pid);

  await t.step("killed ffmpeg restarts while the last frame stays", async () => {
    const pids = await camera.pids();
    const from = viewer.parts.length;
    Deno.kill(pids.at(-1)!, "SIGKILL");
    while ((await camera.pids()).length === pids.length) await viewer.next(1, 2_000);
    await viewer.next(30, 5_000);
    assert.ok(viewer.parts.slice(from).every(isLive), "shows a card");
    assert.deepEqual([(await scene.health()).status, (await scene.state()).live], [200, true]);
  });

  await t.step("log has one line, and nothing is left behind", async () => {
    scene.assertWarned(`Camera "${camera.device}" is not connected. Plug it in`);
    await scene.assertClean(before);
  });
}

/** A camera that stalls, and one that another program uses. */
async function stalling(t: Deno.TestContext): Promise<void> {
  await using scene = await Scene.open();
  const { camera, program, viewer } = scene;
  await viewer.next(60, 5_000);

  await t.step(
    "stalled camera shows a standby card after 5 s, and is live again later",
    async () => {
      const stuck = (await camera.pids()).at(-1)!;
      await camera.stall();
      // Until then the last frame is repeated, which looks like a motionless camera.
      const stalledFor = await scene.untilLive(false, 7_500);
      assert.ok(stalledFor > 4_000, `stood by after ${stalledFor} ms`);
      assert.equal((await scene.state()).reason, "camera-silent");
      assert.equal(await isRunning(stuck), false);
      await camera.unstall();
      await scene.untilLive(true, 5_000);
    },
  );

  // The drawing code of the standby card stays loaded.
  const before = await healthOf(program.pid);

  await t.step(
    "card names a busy camera, and the stream is live once it is free",
    async () => {
      // The restart is immediate once the camera has delivered frames for a while.
      await viewer.next(70, 5_000);
      await camera.occupy();
      Deno.kill((await camera.pids()).at(-1)!, "SIGKILL");
      const isBusy = async () => (await scene.state()).reason === "camera-busy";
      await until("the card", isBusy, Boolean, { timeout: 5_000 });
      assert.ok(!isLive(viewer.parts.at(-1)!));
      await camera.release();
      await scene.untilLive(true, 5_000);
    },
  );

  await t.step("log has one line for each fault, and nothing is left behind", async () => {
    const name = `camera "${camera.device}"`;
    scene.assertWarned(
      `No pictures come from ${name}. Unplug it and plug it in again`,
      `Cannot open ${name}: another program is using it. Close that program`,
    );
    await scene.assertClean(before);
  });
}

Deno.test("viewers stay connected through every camera fault", (t) =>
  atOnce(t, {
    "camera is unplugged, or its ffmpeg killed": unplugging,
    "camera is stalled or busy": stalling,
  }));
