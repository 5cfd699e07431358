import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { deviceExists } from "../../../src/app/device_exists.ts";
import { checkEncoder, createVideoTracks } from "../../../src/app/video_tracks.ts";
import { SYSTEM_CLOCK as clock } from "../../../src/clock.ts";
import { UserError } from "../../../src/errors.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { Stream } from "../../../src/streams/stream.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../support/scripted_ffmpeg.ts";

Deno.test("an encoder that ffmpeg lacks is an error at start, with what it has", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create(
    'echo " V....D libx264              libx264 H.264 (codec h264)"; exit',
  );
  const log = recordingLog();
  await assert.rejects(
    checkEncoder(ffmpeg.program, "h264_nvenc", log),
    new UserError("Cannot use --h264 h264_nvenc: ffmpeg has no such encoder (it has libx264)"),
  );
  await checkEncoder(ffmpeg.program, "libx264", log);
  await checkEncoder("/nowhere/ffmpeg", "auto", log);
  await checkEncoder("/nowhere/ffmpeg", "libx264", log);
});

Deno.test("tracks that are off do not exist", async () => {
  const transcoder = { transcode: () => Promise.resolve(null) };
  const program = new Stream({ name: "program", transcoder });
  const source = { program, fps: 30, sourceRate: { fps: 30 } };
  const options = { ...source, ffmpeg: "/nowhere/ffmpeg", log: recordingLog(), clock };
  await using off = createVideoTracks({ ...options, h264: "off" });
  off.tick();
  assert.deepEqual(off.available, []);
  assert.equal(off.trackOf(H264_RENDITIONS[0]), null);
  await using auto = createVideoTracks({ ...options, h264: "auto" });
  const filtered = H264_RENDITIONS[1].with({ filter: "sepia" });
  assert.equal(auto.trackOf(filtered)?.rendition, H264_RENDITIONS[1]);
  assert.equal(auto.trackOf(SOURCE), null);
});

Deno.test("tracks end at once though an ffmpeg that was asked for its encoders hangs", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create("exec sleep 60");
  const transcoder = { transcode: () => Promise.resolve(null) };
  const program = new Stream({ name: "program", transcoder });
  const log = recordingLog();
  const tracks = createVideoTracks({
    ...{ program, fps: 30, sourceRate: { fps: 30 }, log, clock, h264: "auto" },
    ffmpeg: ffmpeg.program,
  });
  for (let i = 0; i < 10; i++) tracks.tick();
  await delay(200);
  const begun = performance.now();
  await tracks[Symbol.asyncDispose]();
  assert.ok(performance.now() - begun < 3_000);
  assert.deepEqual(log.lines, []);
});

Deno.test({
  name: "devices are found without the permission to read them",
  ignore: Deno.build.os !== "linux",
  fn() {
    assert.equal(deviceExists("/dev/null"), true);
    assert.equal(deviceExists("/dev/nothing"), false);
  },
});
