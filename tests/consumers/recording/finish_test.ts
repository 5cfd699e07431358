import assert from "node:assert/strict";
import fc from "fast-check";
import { finishMkv, mkvDuration } from "../../../src/consumers/recording/finish_mkv.ts";
import { finishMp4, mp4Duration } from "../../../src/consumers/recording/finish_mp4.ts";
import { MkvMuxer } from "../../../src/consumers/recording/mkv_muxer.ts";
import { Mp4Muxer } from "../../../src/consumers/recording/mp4_muxer.ts";
import { readBoxes } from "../../../src/media/mp4/box_reader.ts";
import { MemoryFile } from "./memory_file.ts";
import { H264, JPEG, passageAt } from "../passages/passages.ts";

/** Writes so many seconds; also returns where each second ends. */
function record(kind: "mp4" | "mkv", seconds: number, hasSound: boolean) {
  const format = kind === "mp4" ? H264 : JPEG;
  const muxer = kind === "mp4"
    ? new Mp4Muxer({ format, hasSound })
    : new MkvMuxer({ format, hasSound });
  const file = new MemoryFile(muxer.head);
  const ends = [file.size];
  for (let second = 0; second < seconds; second++) {
    file.write(file.size, muxer.write(passageAt(second, { format, hasSound })));
    ends.push(file.size);
  }
  return { file, ends };
}

const KINDS = {
  mp4: { finish: finishMp4, durationOf: mp4Duration },
  mkv: { finish: finishMkv, durationOf: mkvDuration },
} as const;

for (const kind of ["mp4", "mkv"] as const) {
  const { finish, durationOf } = KINDS[kind];

  Deno.test(`finished ${kind} says how long it is`, () => {
    const { file } = record(kind, 3, true);
    assert.equal(durationOf(file), null);
    assert.ok(Math.abs(finish(file)! - 3_000) <= 40);
    assert.ok(Math.abs(durationOf(file)! - 3_000) <= 40);
  });

  Deno.test(`finishing a finished ${kind} changes nothing`, () => {
    const { file } = record(kind, 2, false);
    finish(file);
    const { bytes } = file;
    assert.equal(finish(file), null);
    assert.deepEqual(file.bytes, bytes);
  });

  Deno.test(`${kind} that was cut anywhere keeps all seconds that are whole`, () => {
    fc.assert(
      fc.property(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (hasSound, part) => {
        const { file, ends } = record(kind, 4, hasSound);
        const cut = Math.floor(part * file.size);
        file.truncate(cut);
        const whole = ends.filter((end) => end <= cut).length - 1;
        const duration = finish(file);
        if (whole <= 0) return assert.ok(duration === null || duration <= 1_040);
        assert.ok(duration !== null && duration >= whole * 1_000 - 40 && duration < 4_050);
        assert.equal(durationOf(file), duration);
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`finishing anything that is no ${kind} neither fails nor writes`, () => {
    fc.assert(fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.nat({ max: 400 }),
      (noise, keep) => {
        const { file } = record(kind, 1, true);
        const damaged = new MemoryFile(file.bytes.subarray(0, keep), noise);
        const { bytes } = damaged;
        if (finish(damaged) === null) assert.deepEqual(damaged.bytes, bytes);
        durationOf(damaged);
      },
    ));
  });
}

Deno.test("finished MP4 is a plain one: what was fragments is inside one mdat", () => {
  const { file } = record("mp4", 3, true);
  finishMp4(file);
  assert.deepEqual(readBoxes(file.bytes).map(({ type }) => type), ["ftyp", "mdat", "moov"]);
});

Deno.test("MP4 whose finishing was interrupted is finished again", () => {
  const { file, ends } = record("mp4", 3, true);
  const unfinished = file.bytes.slice();
  finishMp4(file);
  const moov = file.bytes.slice(ends.at(-1)!);
  const finished = file.bytes.slice();
  for (const part of [8, moov.length >> 1, moov.length]) {
    const interrupted = new MemoryFile(unfinished, moov.subarray(0, part));
    assert.ok(finishMp4(interrupted)! > 2_900);
    assert.deepEqual(interrupted.bytes, finished);
  }
});
