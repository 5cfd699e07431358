import assert from "node:assert/strict";
import type { Frame } from "../../../src/media/packet.ts";
import { FfmpegProducer } from "../../../src/producers/ffmpeg/producer.ts";
import { join, tinyJpeg } from "../../support/jpegs.ts";
import { recordingLog } from "../../support/recording_log.ts";

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
