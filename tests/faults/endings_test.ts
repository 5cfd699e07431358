import assert from "node:assert/strict";
import { movingClip } from "../support/clips.ts";
import { FakeCamera, isRunning } from "../support/fake_camera.ts";
import { startProgram } from "../support/program.ts";
import { Watcher } from "../support/watcher.ts";

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (!await isRunning(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

for (
  const { name, signal, code, stalled = false } of [
    { name: "SIGTERM", signal: "SIGTERM", code: 0 },
    { name: "SIGTERM while the camera is stalled", signal: "SIGTERM", code: 0, stalled: true },
    { name: "SIGINT", signal: "SIGINT", code: 0 },
    { name: "kill -9", signal: "SIGKILL", code: 137 },
    {
      name: "kill -9 while the camera is stalled",
      signal: "SIGKILL",
      code: 137,
      stalled: true,
    },
  ] as const
) {
  Deno.test(`${name} ends the program, its viewers' streams and its ffmpeg within 2 s`, async () => {
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    const source = [`--source=${camera.device}`, `--ffmpeg=${camera.ffmpeg}`];
    await using program = await startProgram([...source, "--resolution=640x480"]);
    await using high = await Watcher.open(`${program.origin}/stream`);
    await using low = await Watcher.open(`${program.origin}/stream?quality=low`);
    // A client that requests a stream and reads nothing must not delay shutdown.
    using idle = await Deno.connect({ hostname: "127.0.0.1", port: program.port });
    await idle.write(new TextEncoder().encode("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    await Promise.all([high.next(5, 5_000), low.next(5, 5_000)]);
    if (stalled) {
      await camera.stall();
      // Waits until ffmpeg has no output left, because writing more would end it anyway.
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const [ffmpeg] = await camera.pids();
    assert.ok(await isRunning(ffmpeg));

    const begun = performance.now();
    program.kill(signal);
    const status = await program.status;
    const took = performance.now() - begun;
    assert.equal(status.code, code);
    assert.ok(took < 2_000, `ended after ${took} ms`);
    await Promise.all([high.ended, low.ended]);
    assert.ok(performance.now() - begun < 2_000);
    assert.ok(await isGone(ffmpeg, 2_000), "ffmpeg still runs");
    assert.doesNotMatch(program.output(), /Uncaught|error:|"level":"(warn|error)"/);
  });
}
