import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { testsAtOnce } from "../../../support/at_once.ts";
import { Child } from "../../../support/child.ts";
import { until } from "../../../support/until.ts";
import { movingClip } from "../../../support/clips.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { isRunning } from "../../../support/is_running.ts";
import { productPermissions } from "../../../support/permissions.ts";

const test = testsAtOnce("orphans", 2);

const PROGRAM = new URL("../../../support/switcher_program.ts", import.meta.url).pathname;
const RUN = ["run", "--quiet", "--no-check", ...await productPermissions(), PROGRAM];

/** Waits until this ffmpeg is gone. */
async function untilGone(pid: number): Promise<void> {
  await until("ffmpeg to end", async () => !await isRunning(pid), Boolean, { timeout: 2_000 });
}

/** Starts a server and waits until it is live. */
async function startServer(camera: FakeCamera, ...command: string[]): Promise<Child> {
  const env = { PATH: camera.searchPath };
  const server = new Child(command, { env, stdout: "piped" });
  await server.says(/live/);
  return server;
}

/** Stalls the camera until ffmpeg has written what it had: with more to write it would end anyway. */
async function stall(camera: FakeCamera): Promise<void> {
  await camera.stall();
  await delay(500);
}

interface Ending {
  readonly name: string;
  readonly signal?: Deno.Signal;
  readonly stalled?: boolean;
}

const ENDINGS: readonly Ending[] = [
  { name: "kill -9", signal: "SIGKILL" },
  { name: "kill -9 while the camera is stalled", signal: "SIGKILL", stalled: true },
  { name: "SIGTERM while the camera is stalled", signal: "SIGTERM", stalled: true },
  { name: "SIGINT while the camera is stalled", signal: "SIGINT", stalled: true },
  { name: "a crash while the camera is stalled", stalled: true },
];

for (const { name, signal, stalled = false } of ENDINGS) {
  test(`no ffmpeg outlives a server ended by ${name}`, async () => {
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    const command = [Deno.execPath(), ...RUN, camera.device, signal ?? "crash"];
    await using server = await startServer(camera, ...command);
    if (stalled) await stall(camera);
    const [ffmpeg] = await camera.pids();
    assert.ok(await isRunning(ffmpeg));
    if (signal) server.kill(signal);
    await server.status;
    await untilGone(ffmpeg);
  });
}

test("no ffmpeg outlives Ctrl-C, which the terminal sends to all", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  // A group of its own, as a terminal gives it.
  const command = ["setsid", Deno.execPath(), ...RUN, camera.device];
  await using server = await startServer(camera, ...command);
  await stall(camera);
  const [ffmpeg] = await camera.pids();
  await new Deno.Command("kill", { args: ["-INT", "--", `-${server.pid}`] }).output();
  await server.status;
  await untilGone(ffmpeg);
});

test("where the switch cannot be armed, ffmpeg ends by itself while pictures flow", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  const run = RUN.filter((flag) => flag !== "--allow-ffi");
  await using server = await startServer(camera, Deno.execPath(), ...run, camera.device);
  const [ffmpeg] = await camera.pids();
  assert.ok(await isRunning(ffmpeg));
  server.kill("SIGKILL");
  await server.status;
  await untilGone(ffmpeg);
});
