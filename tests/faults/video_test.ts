/** What happens to encoders of H.264. */
import assert from "node:assert/strict";
import { createVideoTracks, type RunningVideoTracks } from "../../src/app/video_tracks.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import type { VideoPacket } from "../../src/media/packet.ts";
import { H264_RENDITIONS } from "../../src/media/h264/renditions.ts";
import { Stream } from "../../src/streams/stream.ts";
import { childrenRunning } from "../support/children_running.ts";
import { annexB } from "../support/encoding.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { noiseJpeg } from "../support/jpegs.ts";
import { type RecordingLog, recordingLog } from "../support/recording_log.ts";
import { ScriptedFfmpeg } from "../support/scripted_ffmpeg.ts";
import { until } from "../support/until.ts";

const PATH = Deno.env.get("PATH") ?? "";

/** A stream of 25 frames a second, its tracks, and a viewer of the best one. */
class Scene implements AsyncDisposable {
  readonly packets: VideoPacket[] = [];
  readonly log: RecordingLog = recordingLog();
  readonly tracks: RunningVideoTracks;
  readonly stream: Stream;
  jpeg: Uint8Array<ArrayBuffer> = noiseJpeg(64, 48);
  readonly #timers: ReturnType<typeof setInterval>[];

  constructor(program = "ffmpeg") {
    const clock = SYSTEM_CLOCK;
    this.stream = new Stream({
      name: "program",
      transcoder: { transcode: () => Promise.resolve(null) },
    });
    this.tracks = createVideoTracks({
      ...{ program: this.stream, ffmpeg: program, h264: "auto", fps: 25, log: this.log, clock },
      sourceRate: { fps: 25 },
    });
    this.#timers = [
      setInterval(() => this.stream.publish(this.jpeg), 40),
      setInterval(() => this.tracks.tick(), 250),
    ];
  }

  /** Joins the best track, and waits for so many packets. */
  async watch(count = 5): Promise<void> {
    await until("a track", () => this.tracks.available.length > 0);
    this.tracks.available[0].join({ deliver: (packet) => void this.packets.push(packet) });
    await this.gets(count);
  }

  /** Waits for so many more packets. */
  async gets(count: number): Promise<void> {
    const { length } = this.packets;
    await until("packets", () => this.packets.length >= length + count);
  }

  /** Waits until the best track is available, or not. */
  async is(isAvailable: boolean, timeout = 10_000): Promise<void> {
    const track = this.tracks.trackOf(H264_RENDITIONS[0])!;
    const what = isAvailable ? "the track" : "no track";
    await until(what, () => track.isAvailable, (found) => found === isAvailable, { timeout });
  }

  /** Asserts that every packet can be decoded, and none is missing. */
  async assertDecodes(): Promise<void> {
    this.packets.forEach(({ index }, i) => assert.equal(index, i + 1));
    // A decoder begins anew with each configuration.
    const runs = Map.groupBy(this.packets, ({ configuration }) => configuration);
    assert(runs.size > 1);
    for (const packets of runs.values()) {
      assert(packets[0].isKey);
      assert.equal(await framesIn(packets), packets.length);
    }
  }

  /** The reasons of failures that people see. */
  get reasons(): string[] {
    return this.log.fields
      .filter((_, i) => this.log.lines[i].startsWith("warn"))
      .map(({ reason }) => String(reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.tracks[Symbol.asyncDispose]();
    assert.deepEqual(await childrenRunning(Deno.pid, /libx264/), []);
  }
}

/** Decodes packets without any error, and returns how many frames they are. */
async function framesIn(packets: readonly VideoPacket[]): Promise<number> {
  const path = await Deno.makeTempFile({ suffix: ".h264" });
  try {
    await Deno.writeFile(path, annexB(packets));
    const input = ["-err_detect", "explode", "-xerror", "-f", "h264", "-i", path];
    const output = ["-fps_mode", "passthrough", "-vf", "scale=8:8", "-f", "rawvideo", "pipe:1"];
    return (await ffmpeg(...input, "-pix_fmt", "gray", ...output)).length / 64;
  } finally {
    await Deno.remove(path);
  }
}

async function encoderPid(): Promise<number> {
  const [pid, ...others] = await childrenRunning(Deno.pid, /libx264/);
  assert.equal(others.length, 0);
  return pid;
}

Deno.test("faults: an encoder that is killed is replaced, and no packet misses the one before", async () => {
  await using scene = new Scene();
  await scene.watch();
  Deno.kill(await encoderPid(), "SIGKILL");
  await scene.is(false, 1_000);
  await scene.is(true);
  await scene.gets(5);
  await scene.assertDecodes();
  assert.equal(scene.reasons.length, 1);
});

Deno.test("faults: an encoder that is stopped is given up within 3 s, and replaced", async () => {
  await using scene = new Scene();
  await scene.watch();
  Deno.kill(await encoderPid(), "SIGSTOP");
  await scene.is(false, 3_500);
  await scene.is(true);
  await scene.gets(5);
  await scene.assertDecodes();
  assert.deepEqual(scene.reasons, ["no answer for 2 s"]);
});

Deno.test("faults: a camera that changes its size gets another encoder at once", async () => {
  await using scene = new Scene();
  await scene.watch();
  scene.jpeg = noiseJpeg(96, 32);
  const isWide = () => scene.packets.at(-1)!.configuration.width === 96;
  await until("the other size", isWide);
  scene.jpeg = noiseJpeg(64, 48);
  await until("the first size", () => !isWide());
  await scene.gets(5);
  await scene.assertDecodes();
  assert.deepEqual(scene.reasons, []);
});

Deno.test("faults: an encoder that is too slow is given up", async () => {
  await using slow = await ScriptedFfmpeg.create(
    `PATH='${PATH}'`,
    'case "$*" in *-encoders*) exec ffmpeg "$@" ;; esac',
    // Gives five frames a second, as a slow machine would.
    'ffmpeg "$@" | while dd bs=1200 count=1 2>/dev/null && sleep 0.2; do :; done; exit',
  );
  await using scene = new Scene(slow.program);
  await scene.watch(1);
  await scene.is(false, 20_000);
  assert.match(scene.reasons[0], /too slow/);
  // What is as large would be too slow as well.
  assert.deepEqual(scene.tracks.available.map(({ rendition }) => rendition.scale), [0.5]);
});

Deno.test("faults: an encoder that writes anything but FLV is given up", async () => {
  await using wild = await ScriptedFfmpeg.create(
    `PATH='${PATH}'`,
    'case "$*" in *-encoders*) exec ffmpeg "$@" ;; esac',
    "exec cat /dev/urandom",
  );
  await using scene = new Scene(wild.program);
  await scene.watch(0);
  await scene.is(false);
  assert.deepEqual(scene.reasons, ["This is not FLV"]);
});

Deno.test("faults: an ffmpeg without libx264 is said once, and gives no tracks", async () => {
  await using poor = await ScriptedFfmpeg.create(
    `PATH='${PATH}'`,
    `case "$*" in *-encoders*) ffmpeg "$@" | grep -v 264; exit ;; esac`,
  );
  await using scene = new Scene(poor.program);
  await until("a warning", () => scene.log.lines.length > 0);
  assert.deepEqual(scene.tracks.available, []);
  assert.equal(scene.log.lines.length, 1);
  assert.match(scene.log.lines[0], /^warn: H.264 disabled.*libx264/);
});

Deno.test("faults: without ffmpeg there are no tracks and no warnings", async () => {
  await using scene = new Scene("/nowhere/ffmpeg");
  await until("a line", () => scene.log.lines.length > 0);
  assert.deepEqual(scene.tracks.available, []);
  assert.match(scene.log.lines[0], /^debug/);
});
