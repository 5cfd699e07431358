import assert from "node:assert/strict";
import { movingClip } from "../../../support/clips.ts";
import { FakeCamera, isRunning } from "../../../support/fake_camera.ts";
import { productPermissions } from "../../../support/permissions.ts";

const PROGRAM = new URL("../../../support/switcher_program.ts", import.meta.url).pathname;
const RUN = ["run", "--quiet", "--no-check", ...await productPermissions(), PROGRAM];

/** Waits until the process is gone, up to a limit. */
async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (!await isRunning(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Stalls the camera until ffmpeg has written what it had: with more to write it would end anyway. */
async function stall(camera: FakeCamera): Promise<void> {
  await camera.stall();
  await new Promise((resolve) => setTimeout(resolve, 500));
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
  Deno.test(`no ffmpeg outlives a server ended by ${name}`, async () => {
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    const server = new Deno.Command(Deno.execPath(), {
      args: [...RUN, camera.device, signal ?? "crash"],
      env: { PATH: camera.searchPath },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const said = server.stdout.getReader();
    await said.read();
    if (stalled) await stall(camera);
    const [ffmpeg] = await camera.pids();
    assert.ok(await isRunning(ffmpeg));
    if (signal) server.kill(signal);
    await server.status;
    await said.cancel();
    assert.ok(await isGone(ffmpeg, 2_000), "ffmpeg still runs");
  });
}

Deno.test("no ffmpeg outlives Ctrl-C, which the terminal sends to all", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  // A group of its own, as a terminal gives it.
  const server = new Deno.Command("setsid", {
    args: [Deno.execPath(), ...RUN, camera.device],
    env: { PATH: camera.searchPath },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const said = server.stdout.getReader();
  await said.read();
  await stall(camera);
  const [ffmpeg] = await camera.pids();
  await new Deno.Command("kill", { args: ["-INT", "--", `-${server.pid}`] }).output();
  await server.status;
  await said.cancel();
  assert.ok(await isGone(ffmpeg, 2_000), "ffmpeg still runs");
});

Deno.test("where the switch cannot be armed, ffmpeg ends by itself while pictures flow", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  const server = new Deno.Command(Deno.execPath(), {
    args: [...RUN.filter((flag) => flag !== "--allow-ffi"), camera.device],
    env: { PATH: camera.searchPath },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const said = server.stdout.getReader();
  await said.read();
  const [ffmpeg] = await camera.pids();
  assert.ok(await isRunning(ffmpeg));
  server.kill("SIGKILL");
  await server.status;
  await said.cancel();
  assert.ok(await isGone(ffmpeg, 2_000), "ffmpeg still runs");
});
