import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { Mp3Encoder } from "../../../src/consumers/sound/mp3_encoder.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../support/scripted_ffmpeg.ts";

Deno.test("MP3 encoder tries an ffmpeg that always fails at growing intervals, and logs that once", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create("echo $$ >> pids", "exit 1");
  using time = new FakeTime();
  const log = recordingLog();
  const encoder = new Mp3Encoder({
    ...{ program: ffmpeg.program, encoders: () => Promise.resolve("libmp3lame"), log },
    sound: { join() {}, leave() {} },
  });
  const body = encoder.open(() => {});
  for (const [i, pause] of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000].entries()) {
    while (time.timers === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await ffmpeg.pids()).length, i + 1);
    time.tick(pause - 1);
    assert.equal(time.timers, 1);
    time.tick(1);
  }
  body.close();
  await encoder[Symbol.asyncDispose]();
  const shown = log.lines.filter((line) => !line.startsWith("debug: "));
  assert.deepEqual(shown, ["warn: The MP3 encoder ended and is started again"]);
});
