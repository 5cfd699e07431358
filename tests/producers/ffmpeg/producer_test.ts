import assert from "node:assert/strict";
import { encodePart, OPENING } from "../../../src/media/multipart.ts";
import { type Frame, frameOf } from "../../../src/media/packet.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { FfmpegProducer } from "../../../src/producers/ffmpeg/producer.ts";
import { join, tinyJpeg } from "../../support/jpegs.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../support/scripted_ffmpeg.ts";

/** A producer whose ffmpeg writes this number of frames at once and then nothing. */
async function stage(frames: number) {
  const folder = await Deno.makeTempDir();
  const jpegs = Array.from({ length: frames }, () => tinyJpeg());
  await Deno.writeFile(`${folder}/frames`, join(...jpegs));
  const program = `${folder}/ffmpeg`;
  await Deno.writeTextFile(program, `#!/bin/sh\ncat "${folder}/frames"\nexec sleep 60\n`);
  await Deno.chmod(program, 0o700);
  const producer = new FfmpegProducer({
    source: { kind: "camera", device: "/dev/video61" },
    wanted: { width: 640, height: 480, fps: 30, isFpsGiven: false },
    ffmpeg: { program, system: "linux", log: recordingLog() },
    clock: { wall: () => 1_000, monotonic: () => performance.now() },
    onFailure: () => Promise.resolve(),
    findAgain: (source) => Promise.resolve(source),
    onPlayback: () => {},
  });
  return {
    producer,
    async [Symbol.asyncDispose]() {
      await producer.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "producer yields every frame of one chunk, numbered and dated",
  ignore,
  async fn() {
    await using stages = await stage(3);
    const { producer } = stages;
    const taken: Frame[] = [];
    for await (const frame of producer.packets()) {
      if (taken.push(frame) === 3) break;
    }
    assert.deepEqual(taken.map(({ sequence, at }) => [sequence, at]), [
      [1, 1_000],
      [2, 1_000],
      [3, 1_000],
    ]);
    assert.deepEqual(taken.map(({ data }) => data), Array(3).fill(tinyJpeg()));
    assert.equal(producer.stats.superseded, 0);
  },
});

Deno.test({
  name: "producer gives a slow reader the newest frame, and counts the others",
  ignore,
  async fn() {
    await using stages = await stage(5);
    const { producer } = stages;
    const taken: number[] = [];
    for await (const { sequence } of producer.packets()) {
      taken.push(sequence);
      if (sequence === 5) break;
      while (producer.stats.superseded < 3) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(taken, [1, 5]);
    assert.deepEqual([producer.frames, producer.stats.superseded], [2, 3]);
  },
});

Deno.test({
  name: "producer is live once its reader has taken a frame, and not before",
  ignore,
  async fn() {
    await using stages = await stage(1);
    const { producer } = stages;
    let isTaken = false;
    const reading = (async () => {
      for await (const _ of producer.packets()) {
        await new Promise((resolve) => setImmediate(resolve));
        isTaken = true;
      }
    })();
    assert.equal(await producer.opened(60_000), "live");
    assert(isTaken);
    await producer.stop();
    await reading;
  },
});

Deno.test({
  name: "producer says that clocks differ as long as they do, and logs it once",
  ignore,
  async fn() {
    // The third connection is as the first.
    await using scripted = await ScriptedFfmpeg.create(
      "if mkdir first 2>/dev/null; then cat ahead; exit 1; fi",
      "if mkdir second 2>/dev/null; then cat right; exit 1; fi",
      "cat ahead",
    );
    const wall = 1_795_750_000_000;
    for (const [name, at] of [["ahead", wall + 3_600_000], ["right", wall - 20]] as const) {
      const parts = [1, 2, 3].map((sequence) => {
        const provenance = { via: "abcd1234", origin: null };
        const frame = { ...frameOf(tinyJpeg(), sequence, at + sequence), provenance };
        return encodePart(frame, SOURCE, tinyJpeg(), 0).bytes;
      });
      await Deno.writeFile(`${scripted.folder}/${name}`, join(OPENING, ...parts));
    }
    const log = recordingLog();
    const producer = new FfmpegProducer({
      source: { kind: "url", url: "http://10.0.0.7:8081/stream" },
      wanted: { width: 640, height: 480, fps: 30, isFpsGiven: false },
      ffmpeg: { program: scripted.program, system: "linux", log },
      clock: { wall: () => wall, monotonic: () => performance.now() },
      onFailure: () => {
        // Not the pause before the next attempt.
        setImmediate(() => producer.retryNow());
        return Promise.resolve();
      },
      findAgain: (source) => Promise.resolve(source),
      onPlayback: () => {},
    });
    const notices: boolean[] = [];
    for await (const _ of producer.packets()) {
      notices[producer.stats.restarts] = producer.notice !== null;
      if (notices.length === 3) break;
    }
    await producer.stop();
    assert.deepEqual(notices, [true, false, true]);
    assert.equal(log.lines.filter((line) => line.startsWith("warn")).length, 1);
  },
});
