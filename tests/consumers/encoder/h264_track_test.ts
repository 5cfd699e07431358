import assert from "node:assert/strict";
import type { EncoderName } from "../../../src/consumers/encoder/encoders.ts";
import { H264Track } from "../../../src/consumers/encoder/h264_track.ts";
import { Emitter } from "../../../src/events.ts";
import { concat } from "../../../src/media/jpeg/concat.ts";
import { exifSegment } from "../../../src/media/jpeg/exif.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import type { VideoPacket } from "../../../src/media/packet.ts";
import type { VideoPart } from "../../../src/media/video_part.ts";
import { Stream } from "../../../src/streams/stream.ts";
import { tinyJpeg } from "../../support/jpegs.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { FakeRun } from "./fake_run.ts";

const WALL = 1_000_000;

/** A consumer that keeps what it is given. */
class Viewer {
  readonly packets: VideoPacket[] = [];
  readonly parts: VideoPart[] = [];

  deliver(packet: VideoPacket, part: VideoPart): void {
    this.packets.push(packet);
    this.parts.push(part);
  }
}

function setUp() {
  let now = 0;
  const clock = { wall: () => WALL + now, monotonic: () => now };
  const stream = new Stream({
    name: "program",
    transcoder: { transcode: () => Promise.resolve(null) },
    clock,
  });
  const runs: FakeRun[] = [];
  const failed: EncoderName[] = [];
  const finder: { encoder: EncoderName | null; failed(name: EncoderName): void } = {
    encoder: "libx264",
    failed: (name) => void failed.push(name),
  };
  const log = recordingLog();
  const rate = { fps: 30, tooSlow: 0 };
  const track = new H264Track({
    ...{ stream, rendition: H264_RENDITIONS[0], finder, log, clock },
    requestedFps: 30,
    fps: () => rate.fps,
    onTooSlow: () => rate.tooSlow++,
    start: (options) => {
      const run = new FakeRun(options);
      runs.push(run);
      return run;
    },
  });
  return {
    ...{ stream, runs, failed, finder, log, rate, track },
    /** Lets time pass, as the app does: 250 ms at a time. */
    wait(milliseconds: number) {
      for (const end = now + milliseconds; now < end;) {
        now = Math.min(end, now + 250);
        track.tick();
      }
    },
    /** Publishes a frame. */
    frame: (size = {}) => stream.publish(tinyJpeg(size), WALL + now - 5),
  };
}

Deno.test("track encodes only while it has consumers, and stops ten seconds after the last", () => {
  const { track, runs, frame, wait } = setUp();
  const viewer = new Viewer();
  frame();
  assert.equal(runs.length, 0);
  track.join(viewer);
  assert.equal(track.isRunning, true);
  assert.equal(runs[0].given.length, 1);
  track.leave(viewer);
  frame();
  assert.equal(runs[0].given.length, 1);
  wait(9_750);
  assert.equal(runs[0].isStopped, false);
  wait(250);
  assert.equal(runs[0].isStopped, true);
  assert.equal(track.isRunning, false);
});

Deno.test("track gives a joiner the run that still waits for one", () => {
  const { track, runs, frame, wait } = setUp();
  const viewer = new Viewer();
  frame();
  track.join(viewer);
  track.leave(viewer);
  wait(5_000);
  track.join(viewer);
  wait(20_000);
  assert.equal(runs.length, 1);
  assert.equal(runs[0].isStopped, false);
});

Deno.test("track keeps sequence and capture time, and builds one part for all", () => {
  const { track, runs, frame } = setUp();
  const viewers = [new Viewer(), new Viewer()];
  frame();
  for (const viewer of viewers) track.join(viewer);
  frame();
  runs[0].answer();
  runs[0].answer();
  const [{ packets, parts }, other] = viewers;
  assert.deepEqual(packets.map(({ sequence, index, isKey }) => [sequence, index, isKey]), [
    [1, 1, true],
    [2, 2, false],
  ]);
  assert.equal(packets[1].at, WALL - 5);
  assert.equal(parts[0], other.parts[0]);
  assert.equal(parts[0].packet, packets[0]);
});

Deno.test("track gives a packet to all consumers although one of them fails", () => {
  const { track, runs, frame } = setUp();
  const viewer = new Viewer();
  const failing = {
    deliver() {
      throw new Error("This consumer fails");
    },
  };
  frame();
  for (const consumer of [failing, viewer]) track.join(consumer);
  const { onError } = Emitter;
  const errors: unknown[] = [];
  Emitter.onError = (error) => void errors.push(error);
  try {
    runs[0].answer();
  } finally {
    Emitter.onError = onError;
  }
  assert.deepEqual([viewer.packets.length, errors.length], [1, 1]);
});

Deno.test("track encodes repeated frames again, at the time of the repeat", () => {
  const { track, runs, frame, wait, stream } = setUp();
  const viewer = new Viewer();
  frame();
  track.join(viewer);
  wait(1_000);
  stream.tick();
  const [, { frame: repeated, isKey }] = runs[0].given;
  assert.equal(repeated.sequence, 1);
  assert.equal(repeated.at, WALL + 1_000);
  assert.equal(isKey, true);
});

Deno.test("track makes a key each second, and half a second after the last when asked", () => {
  const { track, runs, frame, wait } = setUp();
  frame();
  track.join(new Viewer());
  runs[0].answer();
  const keys: number[] = [];
  for (let at = 100; at <= 3_000; at += 100) {
    wait(100);
    if (at === 1_200) track.requestKey();
    const isNear = track.isKeyNear;
    frame();
    const { isKey } = runs[0].given.at(-1)!;
    assert.equal(isNear, isKey);
    if (isKey) keys.push(at);
    assert.equal(track.isKeyNear, isKey);
    runs[0].answer();
    assert.equal(track.isKeyNear, false);
  }
  assert.deepEqual(keys, [1_000, 1_500, 2_500]);
});

Deno.test("track starts another encoder when the size changes, with a key and the next index", () => {
  const { track, runs, frame } = setUp();
  const viewer = new Viewer();
  frame({ width: 64, height: 48 });
  track.join(viewer);
  runs[0].answer();
  frame({ width: 32, height: 48 });
  assert.equal(runs.length, 2);
  assert.equal(runs[0].isStopped, true);
  assert.deepEqual(runs[1].options.form, { width: 32, height: 48, orientation: 1 });
  runs[1].answer();
  const [, { isKey, index, configuration: { width } }] = viewer.packets;
  assert.deepEqual([isKey, index, width], [true, 2, 32]);
  assert.equal(track.totals.failures, 0);
});

Deno.test("track starts another encoder when frames have to be turned differently", () => {
  const { track, runs, stream } = setUp();
  track.join(new Viewer());
  const jpeg = tinyJpeg();
  stream.publish(jpeg);
  stream.publish(concat(jpeg.subarray(0, 2), exifSegment(6), jpeg.subarray(2)));
  assert.deepEqual(runs.map(({ options: { form } }) => form.orientation), [1, 6]);
});

Deno.test("track starts another encoder when far more or fewer frames come for three seconds", () => {
  const { track, runs, frame, rate, wait } = setUp();
  track.join(new Viewer());
  const expected = [30];
  for (const [fps, next] of [[30], [23], [38], [60, 60], [46], [30, 30], [15, 15], [4]]) {
    rate.fps = fps;
    frame();
    wait(2_750);
    frame();
    assert.equal(runs.length, expected.length, `${fps} frames a second`);
    wait(250);
    frame();
    if (next) expected.push(next);
    assert.deepEqual(runs.map(({ options }) => options.fps), expected);
  }
});

Deno.test("track keeps its encoder when the source begins again as it was", () => {
  const { track, runs, frame, rate, wait } = setUp();
  rate.fps = 15;
  track.join(new Viewer());
  frame();
  // A rate that is not known yet is as requested.
  for (const [fps, time] of [[15, 5_000], [0, 5_000], [30, 1_000], [15, 5_000]]) {
    rate.fps = fps;
    frame();
    wait(time);
    frame();
  }
  assert.deepEqual(runs.map(({ options }) => options.fps), [15]);
});

Deno.test("track starts for as many frames as requested while there are only cards", () => {
  const { track, runs, frame, rate } = setUp();
  rate.fps = 0;
  track.join(new Viewer());
  frame();
  assert.equal(runs[0].options.fps, 30);
});

Deno.test("track that rests is not available for the pause after a failure, and logs nothing", () => {
  const { track, runs, frame, wait, log } = setUp();
  track.join(new Viewer());
  frame();
  track.rest();
  track.rest();
  assert.deepEqual([runs[0].isStopped, track.isAvailable], [true, false]);
  wait(1_000);
  assert.deepEqual([track.isAvailable, log.lines.length], [true, 0]);
});

Deno.test("track whose encoder dies is tried again after 1, 2, 4 seconds, and says so once", async () => {
  const { track, runs, frame, wait, log, failed } = setUp();
  track.join(new Viewer());
  for (const [i, pause] of [1_000, 2_000, 4_000].entries()) {
    frame();
    assert.equal(runs.length, i + 1);
    await runs[i].die("Killed");
    assert.equal(track.isAvailable, false);
    wait(pause - 250);
    frame();
    assert.equal(runs.length, i + 1);
    wait(250);
    assert.equal(track.isAvailable, true);
  }
  assert.deepEqual(log.lines.map((line) => line.split(":")[0]), ["warn", "debug", "debug"]);
  assert.deepEqual(log.fields[0], { encoder: "libx264", reason: "Killed" });
  assert.equal(failed.length, 3);
  assert.equal(track.totals.failures, 3);
});

Deno.test("track forgives its failures after thirty seconds of good work", async () => {
  const { track, runs, frame, wait, log } = setUp();
  track.join(new Viewer());
  frame();
  await runs[0].die("Killed");
  wait(1_000);
  for (let second = 0; second <= 30; second++) {
    frame();
    runs[1].answer();
    wait(1_000);
  }
  await runs[1].die("Killed");
  wait(1_000);
  assert.equal(track.isAvailable, true);
  assert.deepEqual(log.lines.map((line) => line.split(":")[0]), ["warn", "warn"]);
});

Deno.test("track ends an encoder that hangs", () => {
  const { track, runs, frame, wait, log } = setUp();
  track.join(new Viewer());
  frame();
  runs[0].hang = "no answer for 2 s";
  wait(250);
  assert.equal(track.isAvailable, false);
  assert.equal(runs[0].isStopped, true);
  assert.equal(log.fields[0].reason, "no answer for 2 s");
});

for (
  const [what, delay, droppedOf10, waited, reason] of [
    ["takes long", 101, 0, 0, /too slow: it takes 101 ms/],
    ["drops frames", 10, 3, 33, /too slow: it encodes only 34 of 49 frames/],
    ["keeps up", 99, 1, 33, null],
    ["gets bursts", 10, 5, 2, null],
  ] as const
) {
  Deno.test(`track judges an encoder that ${what}`, () => {
    const { track, runs, frame, wait, log, rate } = setUp();
    track.join(new Viewer());
    frame();
    runs[0].answer({ delay: 800 });
    for (let i = 0; i < 49; i++) {
      wait(100);
      frame();
      if (i % 10 < droppedOf10) runs[0].drop(waited);
      else runs[0].answer({ delay });
    }
    assert.equal(track.isAvailable, true);
    wait(250);
    assert.equal(track.isAvailable, reason === null);
    assert.equal(rate.tooSlow, reason === null ? 0 : 1);
    if (reason !== null) assert.match(String(log.fields[0].reason), reason);
  });
}

Deno.test("track measures packets over the last seconds, and before by the bit rate", () => {
  const { track, runs, frame, wait } = setUp();
  assert.equal(Math.round(track.bytes), 10_417);
  track.join(new Viewer());
  for (let i = 0; i < 40; i++) {
    frame();
    runs[0].answer({ bytes: i < 10 ? 9_000 : 500 });
    wait(100);
  }
  assert.equal(track.bytes, 500);
});

Deno.test("track is not available without an encoder, and starts none", () => {
  const { track, runs, finder, frame } = setUp();
  finder.encoder = null;
  track.join(new Viewer());
  frame();
  assert.equal(track.isAvailable, false);
  assert.equal(runs.length, 0);
  finder.encoder = "libx264";
  frame();
  assert.equal(runs.length, 1);
});

Deno.test("track that is joined while a frame is given to others encodes it once", () => {
  const { track, runs, frame, stream } = setUp();
  const viewer = new Viewer();
  let hasJoined = false;
  const session = {
    followsMotion: false,
    origin: null,
    decide() {
      if (!hasJoined) track.join(viewer);
      hasJoined = true;
      return null;
    },
    deliver() {},
  };
  stream.join(session);
  frame();
  frame();
  assert.deepEqual(runs[0].given.map(({ frame }) => frame.sequence), [1, 2]);
});

Deno.test("track that is disposed of stops its encoder and gives nothing more", async () => {
  const { track, runs, frame } = setUp();
  const viewer = new Viewer();
  frame();
  track.join(viewer);
  await track[Symbol.asyncDispose]();
  frame();
  runs[0].answer();
  assert.equal(runs[0].isStopped, true);
  assert.equal(track.isAvailable, false);
  assert.equal(viewer.packets.length, 0);
});
