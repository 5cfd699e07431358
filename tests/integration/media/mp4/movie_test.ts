import assert from "node:assert/strict";
import { concat } from "../../../../src/media/jpeg/concat.ts";
import {
  encodeFileType,
  encodeMovie,
  MEDIA_HEAD_BYTES,
  mediaHead,
  type MovieTrack,
} from "../../../../src/media/mp4/movie.ts";
import { avc1, mp4a, opus } from "../../../../src/media/mp4/sample_entry.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { h264Clip } from "../../../support/h264_clip.ts";
import { opusTonePackets } from "../../../support/opus_tone_packets.ts";
import { probeMedia } from "../../../support/probe_media.ts";

/** One sample to write. */
interface Written {
  readonly data: Uint8Array;
  readonly duration: number;
  readonly isKey: boolean;
}

/** Writes a file whose tracks each have their samples in several `mdat`. */
function write(
  tracks: readonly (Pick<MovieTrack, "entry" | "start"> & { readonly samples: Written[] })[],
): Uint8Array {
  const parts: Uint8Array[] = [encodeFileType()];
  let length = parts[0].length;
  const placed = tracks.map(({ samples, ...track }) => {
    const rows = [];
    for (let i = 0; i < samples.length; i += 25) {
      const some = samples.slice(i, i + 25);
      const head = mediaHead(some.reduce((sum, { data }) => sum + data.length, 0));
      parts.push(head, ...some.map(({ data }) => data));
      length += MEDIA_HEAD_BYTES;
      for (const { data, duration, isKey } of some) {
        rows.push({ offset: length, bytes: data.length, duration, isKey });
        length += data.length;
      }
    }
    return { ...track, samples: rows };
  });
  return concat(...parts, encodeMovie(placed));
}

/** Returns the packets of two seconds of AAC, without their ADTS heads. */
async function aacPackets(): Promise<Uint8Array[]> {
  const adts = await ffmpeg(
    ...["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2", "-ac", "2"],
    ...["-c:a", "aac", "-f", "adts", "-"],
  );
  const packets: Uint8Array[] = [];
  for (let at = 0; at < adts.length;) {
    const length = (adts[at + 3] & 3) << 11 | adts[at + 4] << 3 | adts[at + 5] >> 5;
    packets.push(adts.subarray(at + 7, at + length));
    at += length;
  }
  return packets;
}

const AAC = mp4a({ record: Uint8Array.of(0x11, 0x90), rate: 48_000, channels: 2 });

/** The priming of ffmpeg's encoder of AAC. Milliseconds. */
const PRIMING = 1024 / 48;

for (const codec of ["aac", "opus"]) {
  Deno.test(`ffprobe and ffmpeg read a whole MP4 with ${codec}, at its times`, async () => {
    const { configuration, units } = await h264Clip();
    const video = units.map((unit) => ({ ...unit, duration: 3_000 }));
    const isAac = codec === "aac";
    const sound = (isAac ? await aacPackets() : await opusTonePackets(2))
      .map((data) => ({ data, duration: isAac ? 1024 : 960, isKey: true }));
    const bytes = write([
      { entry: avc1(configuration), samples: video, start: 0 },
      { entry: isAac ? AAC : opus(), samples: sound, start: isAac ? 250 - PRIMING : 250 },
    ]);
    const media = await probeMedia(bytes, "mp4");
    assert.equal(media.warnings, "");
    assert.deepEqual(media.streams.map(({ codec_name }) => codec_name), ["h264", codec]);
    const pictures = media.packets.filter(({ type }) => type === "video");
    assert.equal(pictures.length, 60);
    pictures.forEach(({ pts, isKey }, i) => {
      assert(Math.abs(pts - i / 30) < 0.001, `${i}: ${pts}`);
      assert.equal(isKey, i % 15 === 0);
    });
    const [first] = media.packets.filter(({ type }) => type === "audio");
    assert(Math.abs(first.pts - 0.25 + (isAac ? PRIMING / 1000 : 0)) < 0.002, `${first.pts}`);
  });
}

Deno.test("ffmpeg skips what lies before the beginning of a whole MP4", async () => {
  const { configuration, units } = await h264Clip();
  const samples = (await aacPackets()).map((data) => ({ data, duration: 1024, isKey: true }));
  const bytes = write([
    {
      ...{ entry: avc1(configuration), start: 0 },
      samples: units.map((unit) => ({ ...unit, duration: 3_000 })),
    },
    { entry: AAC, samples, start: -PRIMING },
  ]);
  const media = await probeMedia(bytes, "mp4");
  assert.equal(media.warnings, "");
  const sound = media.packets.filter(({ type }) => type === "audio");
  assert(Math.abs(sound[0].pts + PRIMING / 1000) < 0.001, `${sound[0].pts}`);
});
