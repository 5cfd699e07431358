import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { readRecordingName } from "../../src/consumers/recording/names.ts";
import { RecordingFolder } from "../../src/consumers/recording/recording_folder.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { atOnce } from "../support/at_once.ts";
import { canMount, mountDisk } from "../support/disk.ts";
import { AS_STREAMER } from "../support/requests.ts";
import { startProgram } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { startRecordingStage } from "../support/recording_stage.ts";
import { until } from "../support/until.ts";

/** For each codec. */
const ROUNDS = 5;

/** A kill may lose so much of a recording; its name, to the second, hides one more. Milliseconds. */
const MAX_LOST_MS = 2_000 + 1_000;

interface Played {
  /** Milliseconds from the beginning to the last picture. */
  readonly duration: number;
  /** What a decoder says against it. */
  readonly complaints: string;
}

/** Decodes a whole file. */
async function play(path: string): Promise<Played> {
  const text = new TextDecoder();
  const probe = await new Deno.Command("ffprobe", {
    args: [
      ...["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time"],
      ...["-of", "csv=p=0", path],
    ],
  }).output();
  const decode = await new Deno.Command("ffmpeg", {
    args: [
      ...["-nostdin", "-v", "error", "-i", path],
      ...["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"],
    ],
  }).output();
  const times = text.decode(probe.stdout).split(/[\n,]+/).map(Number);
  return {
    duration: Math.max(...times.filter(Number.isFinite)) * 1_000,
    complaints: text.decode(probe.stderr) + text.decode(decode.stderr),
  };
}

function recordingsIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => readRecordingName(name)).sort();
}

Deno.test("kill -9 at any moment costs a recording no more than two seconds, and the next run finishes it", (t) =>
  atOnce(t, {
    "in JPEG": () => killRecorders("copy", new Random(18)),
    "in H.264": () => killRecorders("h264", new Random(19)),
  }));

/** Records into one folder, killed again and again. */
async function killRecorders(codec: "copy" | "h264", random: Random): Promise<void> {
  using folder = temporaryFolder();
  for (let round = 0; round < ROUNDS; round++) {
    let killedAt: number;
    {
      await using program = await startProgram([
        ...["--source", "test", "--resolution", "320x240", "--record", folder.path],
        ...["--record-codec", codec],
      ]);
      const before = recordingsIn(folder.path).length;
      await until("a recording", () => recordingsIn(folder.path).length > before, Boolean, {
        timeout: 20_000,
      });
      await delay(2_500 + random.next() * 3_000);
      killedAt = Date.now();
      program.kill("SIGKILL");
      await program.status;
    }
    const name = recordingsIn(folder.path).at(-1)!;
    const { duration, complaints } = await play(`${folder.path}/${name}`);
    assert.equal(complaints, "", name);
    const lost = killedAt - readRecordingName(name)!.at - duration;
    assert.ok(lost <= MAX_LOST_MS, `${name} lost ${lost} ms`);
  }
  const kept = new RecordingFolder(folder.path);
  kept.repair(Date.now() + 3_600_000);
  const list = kept.list();
  assert.equal(list.length, ROUNDS);
  for (const { name, duration } of list) {
    const played = await play(`${folder.path}/${name}`);
    assert.equal(played.complaints, "");
    assert.ok(Math.abs(duration! - played.duration) < 200, `${duration} ${played.duration}`);
  }
}

Deno.test({
  name: "full disk ends a recording, not the stream; it goes on when there is room again",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(3_000);
    await using stage = await startRecordingStage(disk.path, { frameBytes: 20_000 });
    const full = await until("a problem", () => stage.state(), ({ problem }) => problem !== null, {
      timeout: 20_000,
    });
    assert.match(full.problem!, /^Cannot record: the disk is full/);
    const { frames } = stage;
    await until("more frames", () => stage.frames > frames + 10);
    for (const name of recordingsIn(disk.path)) Deno.removeSync(`${disk.path}/${name}`);
    await until(
      "a recording",
      () => stage.state(),
      ({ problem, writing }) => problem === null && writing !== null,
      { timeout: 30_000 },
    );
  },
});

Deno.test({
  name: "with --keep, a full disk makes old recordings go, and no other file",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(8_000);
    const old = `${disk.path}/2020-01-01_00.00.00Z.mp4`;
    const other = `${disk.path}/holiday.mp4`;
    for (const path of [old, other]) Deno.writeFileSync(path, new Uint8Array(1_000_000));
    await using stage = await startRecordingStage(disk.path, {
      ...{ minFree: 7_000_000, keep: { bytes: 1e12, age: null } },
    });
    await until(
      "the old one to go",
      () => !recordingsIn(disk.path).includes("2020-01-01_00.00.00Z.mp4"),
    );
    assert.ok(Deno.statSync(other).isFile);
    assert.notEqual((await stage.state()).problem, "");
  },
});

Deno.test({
  name: "disk that is almost full is left alone: recording stops and says why",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(8_000);
    await using stage = await startRecordingStage(disk.path, { minFree: 1e9 });
    const { problem } = await until(
      "a problem",
      () => stage.state(),
      ({ problem }) => problem !== null,
    );
    assert.match(problem!, /less than 1 GB of the disk is free: delete something, or set --keep/);
    assert.equal((await stage.state()).writing, null);
  },
});

Deno.test({
  name: "disk that becomes read-only ends a recording until it is writable again",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(50_000);
    await using stage = await startRecordingStage(disk.path);
    await until("a recording", async () => (await stage.state()).writing);
    // The kernel allows it only while nothing is open for writing.
    await setRule(stage.server.origin, "off");
    await until("its end", async () => (await stage.state()).writing === null);
    await until("nothing to be open", () => {
      try {
        disk.writable(false);
        return true;
      } catch {
        return false;
      }
    });
    await setRule(stage.server.origin, "always");
    const { problem } = await until(
      "a problem",
      () => stage.state(),
      ({ problem }) => problem !== null,
    );
    assert.equal(problem, "Cannot record: the disk is read-only");
    disk.writable(true);
    await until(
      "a recording",
      () => stage.state(),
      ({ problem, writing }) => problem === null && writing !== null,
      { timeout: 20_000 },
    );
  },
});

Deno.test("folder that is gone is said, and used again when it is back", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/recordings`;
  await using stage = await startRecordingStage(path);
  await until("a recording", async () => (await stage.state()).writing);
  Deno.removeSync(path, { recursive: true });
  const { problem } = await until(
    "a problem",
    () => stage.state(),
    ({ problem }) => problem !== null,
  );
  assert.match(problem!, /^Cannot record: the folder is gone/);
  const { frames } = stage;
  await until("more frames", () => stage.frames > frames + 10);
  Deno.mkdirSync(path);
  await until(
    "a recording",
    () => stage.state(),
    ({ problem, writing }) => problem === null && writing !== null,
    { timeout: 20_000 },
  );
  assert.ok(recordingsIn(path).length > 0);
});

async function setRule(origin: string, when: string): Promise<void> {
  const response = await fetch(`${origin}/admin/recording`, {
    method: "POST",
    headers: { ...AS_STREAMER, "content-type": "application/json" },
    body: JSON.stringify({ when }),
  });
  assert.deepEqual(await response.json(), { ok: true, when });
}
