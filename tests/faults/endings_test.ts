import assert from "node:assert/strict";
import { testsAtOnce } from "../support/at_once.ts";
import { setTimeout as delay } from "node:timers/promises";
import { movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { isRunning } from "../support/is_running.ts";
import { startProgram } from "../support/program.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const test = testsAtOnce("endings", 2);

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
  test(`${name} ends the program, its viewers' streams and its ffmpeg within 2 s`, async () => {
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    await using program = await startProgram([...camera.options, "--resolution=640x480"]);
    await using high = await StreamClient.open(`${program.origin}/stream`);
    await using low = await StreamClient.open(`${program.origin}/stream?quality=low`);
    // A client that requests a stream and reads nothing must not delay shutdown.
    using _idle = await openRaw(program, requestOf("GET /stream HTTP/1.1", "Host: localhost"));
    await Promise.all([high.next(5, 5_000), low.next(5, 5_000)]);
    if (stalled) {
      await camera.stall();
      // Waits until ffmpeg has no output left, because writing more would end it anyway.
      await delay(500);
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
    await until("ffmpeg to end", async () => !await isRunning(ffmpeg), Boolean, { timeout: 2_000 });
    assert.doesNotMatch(program.output(), /Uncaught|error:|"level":"(warn|error)"/);
  });
}
