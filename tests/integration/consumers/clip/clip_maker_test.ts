import assert from "node:assert/strict";
import {
  ClipMaker,
  type ClipMakerOptions,
  type ClipOrder,
} from "../../../../src/consumers/clip/clip_maker.ts";
import { timelineOf } from "../../../../src/consumers/clip/timeline.ts";
import { concat } from "../../../../src/media/jpeg/concat.ts";
import { FakePast } from "../../../support/fake_past.ts";
import { numberedFrames, numbersIn } from "../../../support/numbered_frames.ts";
import { opusTonePackets } from "../../../support/opus_tone_packets.ts";
import { probeMedia } from "../../../support/probe_media.ts";

const BEGIN = 1_700_000_000_000;
const LARGE = { width: 320, height: 240 };
const SMALL = { width: 160, height: 120 };
const QUIET = { debug: () => {} };

interface Made {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly progress: readonly number[];
}

async function make(
  order: ClipOrder,
  options: Partial<ClipMakerOptions> = {},
  signal = new AbortController().signal,
): Promise<Made> {
  const maker = new ClipMaker({
    ...{ program: "ffmpeg", encoder: () => Promise.resolve("libx264"), log: QUIET },
    ...options,
  });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const progress: number[] = [];
  await maker.make(order, {
    write: (bytes) => void chunks.push(bytes),
    progress: (share) => void progress.push(share),
    signal,
  });
  return { bytes: concat(...chunks), progress };
}

async function inFile<T>(
  bytes: Uint8Array,
  extension: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = await Deno.makeTempFile({ suffix: `.${extension}` });
  try {
    await Deno.writeFile(path, bytes);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

async function durationOf(path: string): Promise<number> {
  const { stdout } = await new Deno.Command("ffprobe", {
    args: ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

function orderOf(past: FakePast, from: number, to: number, format: ClipOrder["format"]): ClipOrder {
  const held = past.hold(from, to);
  return { format, timeline: timelineOf(held, from, to)!, read: held.read };
}

Deno.test("movie has every frame in its order and time, in one size, though older ones are half as large", async () => {
  const past = new FakePast();
  const [small, large] = [await numberedFrames(60, SMALL), await numberedFrames(150, LARGE)];
  const times = Array.from({ length: 150 }, (_, i) => BEGIN + Math.round(i * 100 / 3) + i % 3);
  times.forEach((at, i) => past.add(at, i < 60 ? small[i] : large[i]));
  const { bytes, progress } = await make(orderOf(past, BEGIN, BEGIN + 5_000, "mp4"));
  assert(progress.every((share, i) => share >= (progress[i - 1] ?? 0) && share <= 1));
  const media = await probeMedia(bytes, "mp4");
  assert.equal(media.warnings, "");
  assert.deepEqual(
    media.streams.map(({ codec_name, width, height }) => [codec_name, width, height]),
    [
      ["h264", 320, 240],
    ],
  );
  media.packets.forEach(({ pts }, i) =>
    assert(Math.abs(pts * 1000 - (times[i] - BEGIN)) < 1, `${i}: ${pts}`)
  );
  const keys = media.packets.filter(({ isKey }) => isKey);
  keys.forEach(({ pts }, i) => assert(pts - (keys[i - 1]?.pts ?? 0) < 2.1));
  await inFile(bytes, "mp4", async (path) => {
    assert.deepEqual(await numbersIn(path), times.map((_, i) => i));
    assert(Math.abs(await durationOf(path) - 5) < 0.05, `${await durationOf(path)}`);
  });
});

Deno.test("movie's sound begins with its picture, and silence fills what is missing of it", async () => {
  const past = new FakePast();
  const frames = await numberedFrames(90, LARGE);
  frames.forEach((jpeg, i) => past.add(BEGIN + Math.round(i * 100 / 3), jpeg));
  const tone = await opusTonePackets(1);
  past.addSound(BEGIN + 1_000, tone.slice(0, 50));
  const { bytes } = await make(orderOf(past, BEGIN, BEGIN + 3_000, "mp4"));
  const media = await probeMedia(bytes, "mp4");
  assert.equal(media.warnings, "");
  assert.deepEqual(media.streams.map(({ codec_name }) => codec_name), ["h264", "aac"]);
  await inFile(bytes, "mp4", async (path) => {
    assert(Math.abs(await durationOf(path) - 3) < 0.1, `${await durationOf(path)}`);
    const { stdout } = await new Deno.Command("ffmpeg", {
      args: [
        ...["-v", "error", "-i", path, "-map", "0:a", "-ac", "1", "-ar", "48000"],
        ...["-f", "s16le", "pipe:1"],
      ],
    }).output();
    const samples = new Int16Array(stdout.buffer, 0, stdout.length >> 1);
    const loud = (sample: number) => Math.abs(sample) > 300;
    const first = samples.findIndex(loud) / 48_000;
    const last = samples.findLastIndex(loud) / 48_000;
    assert(Math.abs(first - 1) < 0.03, `${first}`);
    assert(Math.abs(last - 2) < 0.04, `${last}`);
  });
});

Deno.test("movie leaves out the time off air, of picture and sound alike", async () => {
  const past = new FakePast();
  const frames = await numberedFrames(60, LARGE);
  const later = BEGIN + 20_000;
  frames.forEach((jpeg, i) =>
    past.add((i < 30 ? BEGIN : later) + Math.round(i % 30 * 100 / 3), jpeg)
  );
  past.addSound(later, (await opusTonePackets(1)).slice(0, 50));
  const { bytes } = await make(orderOf(past, BEGIN, later + 1_000, "mp4"));
  const media = await probeMedia(bytes, "mp4");
  assert.equal(media.warnings, "");
  await inFile(bytes, "mp4", async (path) => {
    assert.deepEqual(await numbersIn(path), frames.map((_, i) => i));
    assert(Math.abs(await durationOf(path) - 2.07) < 0.1, `${await durationOf(path)}`);
  });
});

Deno.test("movie shows frames of another shape whole, with bars beside them", async () => {
  const past = new FakePast();
  const [wide] = await numberedFrames(1, { width: 640, height: 360 });
  const [tall] = await numberedFrames(1, { width: 242, height: 321 });
  for (let i = 0; i < 20; i++) past.add(BEGIN + 50 * i, i < 10 ? tall : wide);
  const { bytes } = await make(orderOf(past, BEGIN, BEGIN + 1_000, "mp4"));
  const media = await probeMedia(bytes, "mp4");
  assert.equal(media.warnings, "");
  assert.deepEqual([media.streams[0].width, media.streams[0].height], [640, 360]);
  assert.equal(media.packets.length, 20);
});

for (const format of ["gif", "webp"] as const) {
  Deno.test(`${format} shows 12.5 frames a second`, async () => {
    const past = new FakePast();
    const [small, large] = [await numberedFrames(60, SMALL), await numberedFrames(60, LARGE)];
    large.forEach((jpeg, i) => past.add(BEGIN + Math.round(i * 100 / 3), i < 20 ? small[i] : jpeg));
    const { bytes, progress } = await make(orderOf(past, BEGIN, BEGIN + 2_000, format));
    assert(progress.every((share, i) => share >= (progress[i - 1] ?? 0) && share <= 1));
    if (format === "webp") {
      const text = new TextDecoder("latin1").decode(bytes);
      assert.deepEqual([text.slice(0, 4), text.slice(8, 12)], ["RIFF", "WEBP"]);
      assert.equal(new DataView(bytes.buffer).getUint32(4, true) + 8, bytes.length);
      assert(text.includes("ANIM") && text.includes("ANMF"));
      return;
    }
    await inFile(bytes, format, async (path) => {
      const numbers = await numbersIn(path);
      const expected = Array.from({ length: 25 }, (_, i) => Math.floor(i * 80 / (100 / 3) + 0.02));
      assert.equal(numbers.length, 25);
      numbers.forEach((number, i) => assert(Math.abs(number - expected[i]) <= 1, `${numbers}`));
      assert(Math.abs(await durationOf(path) - 2) < 0.1, `${await durationOf(path)}`);
    });
  });
}
