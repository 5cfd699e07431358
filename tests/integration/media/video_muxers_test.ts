import assert from "node:assert/strict";
import {
  Mp4Muxer,
  type ProgramMuxer,
  TsMuxer,
} from "../../../src/consumers/video/program_muxer.ts";
import { concat } from "../../../src/media/jpeg/concat.ts";
import { Mp3Splitter } from "../../../src/media/mp3_splitter.ts";
import { ffmpeg } from "../../support/ffmpeg.ts";
import { type H264Clip, h264Clip } from "../../support/h264_clip.ts";
import { opusTonePackets } from "../../support/opus_tone_packets.ts";
import { type ProbedMedia, probeMedia } from "../../support/probe_media.ts";

const HOURS_2 = 7_200_000;

async function mp3Frames(seconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const mp3 = await ffmpeg(
    ...[
      "-f",
      "lavfi",
      "-i",
      `sine=frequency=440:sample_rate=48000:duration=${seconds}`,
      "-ac",
      "2",
    ],
    ...["-c:a", "libmp3lame", "-b:a", "96k", "-reservoir", "0", "-write_xing", "0"],
    ...["-id3v2_version", "0", "-f", "mp3", "-"],
  );
  return new Mp3Splitter().push(mp3);
}

interface Sound {
  readonly packets: readonly Uint8Array<ArrayBuffer>[];
  readonly duration: number;
}

const KINDS = [
  {
    extension: "mp4",
    Muxer: Mp4Muxer,
    codec: "opus",
    begin: 0,
    soundOf: async (seconds: number): Promise<Sound> => ({
      packets: await opusTonePackets(seconds),
      duration: 20,
    }),
  },
  {
    extension: "ts",
    Muxer: TsMuxer,
    codec: "mp3",
    begin: 0.5,
    soundOf: async (seconds: number): Promise<Sound> => ({
      packets: await mp3Frames(seconds),
      duration: 24,
    }),
  },
];

/** Writes pictures at the given times, and sound as it comes. */
function write(
  muxer: ProgramMuxer,
  { configuration, units }: H264Clip,
  times: readonly number[],
  sound: Sound | null,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let heard = 0;
  times.forEach((time, i) => {
    const unit = units[i % units.length];
    const sequence = i + 1;
    parts.push(muxer.write({
      ...{ track: "video", time, now: time + 20 },
      packet: {
        ...{ track: "video", sequence, index: sequence, at: time, configuration, ...unit },
      },
    }));
    for (; sound && heard < sound.packets.length && heard * sound.duration <= time; heard++) {
      const data = sound.packets[heard];
      parts.push(
        muxer.write({ track: "sound", data, time: heard * sound.duration, now: time + 20 }),
      );
    }
  });
  return concat(...parts);
}

function timesOf({ packets }: ProbedMedia, type: string): number[] {
  return packets.filter((packet) => packet.type === type).map(({ pts }) => pts);
}

const steady = Array.from({ length: 60 }, (_, i) => i * 1000 / 30);

for (const { extension, Muxer, codec, begin, soundOf } of KINDS) {
  Deno.test(`${extension} with sound is what was put in, and decodes without a warning`, async () => {
    const clip = await h264Clip();
    const bytes = write(new Muxer({ hasSound: true }), clip, steady, await soundOf(2));
    const media = await probeMedia(bytes, extension);
    assert.equal(media.warnings, "");
    assert.deepEqual(media.streams.map(({ codec_name }) => codec_name), ["h264", codec]);
    assert.deepEqual([media.streams[0].width, media.streams[0].height], [320, 240]);
    const pictures = timesOf(media, "video");
    assert.equal(pictures.length, 60);
    pictures.forEach((pts, i) => assert(Math.abs(pts - begin - i / 30) < 0.001, `${i}: ${pts}`));
    const keys = media.packets.filter(({ type, isKey }) => type === "video" && isKey);
    assert.equal(keys.length, 4);
    const sounds = timesOf(media, "audio");
    assert(sounds.length > 80, `${sounds.length}`);
    assert(Math.abs(sounds[0] - begin) < 0.001);
    assert(Math.abs(sounds.at(-1)! - begin - 1.97) < 0.03, `${sounds.at(-1)}`);
  });

  Deno.test(`${extension} without sound has the picture's times, however uneven`, async () => {
    const clip = await h264Clip();
    const times = [0, 10, 70, 71, 1_071, 2_071, 2_100, 3_000];
    const bytes = write(new Muxer({ hasSound: false }), clip, times, null);
    const media = await probeMedia(bytes, extension);
    assert.equal(media.warnings, "");
    assert.equal(media.streams.length, 1);
    const pictures = timesOf(media, "video").map((pts) => Math.round((pts - begin) * 1_000));
    assert.deepEqual(pictures, times);
  });

  Deno.test(`${extension} keeps its times for two hours`, async () => {
    const clip = await h264Clip();
    const times = Array.from({ length: HOURS_2 / 10_000 + 1 }, (_, i) => i * 10_000);
    const bytes = write(new Muxer({ hasSound: false }), clip, times, null);
    const media = await probeMedia(bytes, extension);
    assert.equal(media.warnings, "");
    const pictures = timesOf(media, "video");
    assert.equal(pictures.length, times.length);
    pictures.forEach((pts, i) => assert(Math.abs(pts - begin - 10 * i) < 0.001, `${i}: ${pts}`));
  });
}

Deno.test("ts goes on with another size", async () => {
  const [first, second] = [await h264Clip("320x240", 15), await h264Clip("640x360", 15)];
  const muxer = new TsMuxer({ hasSound: false });
  const bytes = concat(
    write(muxer, first, steady.slice(0, 15), null),
    write(muxer, second, steady.slice(15, 30), null),
  );
  const media = await probeMedia(bytes, "ts");
  assert.equal(media.warnings, "");
  assert.equal(timesOf(media, "video").length, 30);
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/stream.ts`, bytes);
  const { stdout } = await new Deno.Command("ffprobe", {
    args: [
      ...["-v", "error", "-show_entries", "frame=width", "-of", "csv=p=0", `${folder}/stream.ts`],
    ],
  }).output();
  const widths = new TextDecoder().decode(stdout).trim().split(/\D+/).map(Number);
  await Deno.remove(folder, { recursive: true });
  assert.deepEqual(widths, [...Array(15).fill(320), ...Array(15).fill(640)]);
});
