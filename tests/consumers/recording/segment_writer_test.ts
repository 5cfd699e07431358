import assert from "node:assert/strict";
import type { RecordingName } from "../../../src/consumers/recording/names.ts";
import { SegmentWriter } from "../../../src/consumers/recording/segment_writer.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { INVENTED_CLIP } from "../../support/replayed_track.ts";
import { passageAt, START } from "../passages/passages.ts";

/** A writer with a disk that fails and dawdles as the test says. */
function stage() {
  const disk = {
    ...{ failure: null as string | null, queuedBytes: 0, files: [] as RecordingName[] },
    ...{ appended: 0, finished: 0 },
    async create(wanted: RecordingName): Promise<string> {
      await fail();
      disk.files.push(wanted);
      return `file ${disk.files.length}`;
    },
    async append(): Promise<void> {
      await fail();
      disk.appended++;
    },
    async finish(): Promise<void> {
      await fail();
      disk.finished++;
    },
  };
  function fail(): Promise<void> {
    const { failure } = disk;
    return failure === null ? Promise.resolve() : Promise.reject(new Error(failure));
  }
  const time = { now: 0 };
  const log = recordingLog();
  const writer = new SegmentWriter({
    ...{ storage: disk, kind: "mp4", log, onBegin: () => {}, onEnd: () => {} },
    clock: { monotonic: () => time.now, wall: () => START + time.now },
  });
  return { disk, time, log, writer, nameOf: () => writer.writing?.name ?? null };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("writer begins another file after ten minutes, without losing a passage", async () => {
  const { disk, time, writer } = stage();
  for (let second = 0; second < 1_300; second++) {
    time.now = second * 1_000;
    writer.write(passageAt(second), false);
    if (second % 50 === 0) await settled();
  }
  await settled();
  assert.deepEqual(disk.files.map(({ at }) => at - START), [0, 600_000, 1_200_000]);
  assert.equal(disk.appended, 1_300);
  assert.equal(disk.finished, 2);
  assert.equal(writer.problem, null);
});

Deno.test("writer begins another file when the encoding changes, or sound begins, or something is missing", async () => {
  const { disk, writer } = stage();
  const { configuration: format } = INVENTED_CLIP;
  writer.write(passageAt(0), false);
  writer.write(passageAt(1, { format: { ...format } }), false);
  writer.write(passageAt(2, { format: { ...format, width: 64 } }), false);
  writer.write(passageAt(3, { format: { ...format, width: 64 }, hasSound: true }), false);
  writer.write(passageAt(4, { format: { ...format, width: 64 } }), false);
  writer.write(passageAt(60, { format: { ...format, width: 64 } }), false);
  await settled();
  assert.deepEqual(disk.files.map(({ at }) => (at - START) / 1_000), [0, 2, 3, 60]);
});

Deno.test("writer says why the disk fails, waits, and goes on by itself", async () => {
  const { disk, time, log, writer, nameOf } = stage();
  writer.write(passageAt(0), false);
  await settled();
  assert.equal(nameOf(), "file 1");
  disk.failure = "the disk is full";
  writer.write(passageAt(1), false);
  await settled();
  assert.equal(writer.problem, "the disk is full");
  assert.equal(nameOf(), null);
  writer.write(passageAt(2), false);
  disk.failure = null;
  time.now = 2_000;
  writer.write(passageAt(3), false);
  await settled();
  assert.equal(writer.problem, null);
  assert.equal(nameOf(), "file 2");
  assert.deepEqual(log.lines, [
    "warn: Recording stopped: the disk is full",
    "info: Recording again",
  ]);
});

Deno.test("writer leaves something out rather than let it queue up without end", async () => {
  const { disk, time, writer, nameOf } = stage();
  writer.write(passageAt(0), false);
  await settled();
  disk.queuedBytes = 32_000_000;
  writer.write(passageAt(1), false);
  assert.match(writer.problem!, /too slow/);
  disk.queuedBytes = 10_000_000;
  writer.write(passageAt(2), false);
  assert.equal(nameOf(), null);
  disk.queuedBytes = 0;
  time.now = 3_000;
  writer.write(passageAt(3), false);
  await settled();
  assert.equal(nameOf(), "file 2");
  assert.equal(writer.problem, null);
});

Deno.test("writer writes a passage that is larger than all that may queue up", async () => {
  const { disk, writer } = stage();
  const passage = passageAt(0);
  const [first, ...others] = passage.pictures;
  const large = { ...first, data: new Uint8Array(33_000_000) };
  writer.write({ ...passage, pictures: [large, ...others] }, false);
  await settled();
  assert.equal(writer.problem, null);
  assert.equal(disk.appended, 1);
});

Deno.test("writer that is held writes nothing, and goes on at once", async () => {
  const { disk, log, writer } = stage();
  writer.hold("less than 1 GB of the disk is free");
  writer.write(passageAt(0), false);
  assert.equal(writer.problem, "less than 1 GB of the disk is free");
  writer.hold(null);
  assert.equal(writer.problem, null);
  writer.write(passageAt(1), false);
  await settled();
  assert.equal(writer.problem, null);
  assert.equal(disk.files.length, 1);
  assert.deepEqual(log.lines, [
    "warn: Recording stopped: less than 1 GB of the disk is free",
    "info: Recording again",
  ]);
});

Deno.test("writer that is not held keeps saying why the disk fails", async () => {
  const { disk, writer } = stage();
  disk.failure = "the disk is full";
  writer.write(passageAt(0), false);
  await settled();
  writer.hold(null);
  assert.equal(writer.problem, "the disk is full");
});
