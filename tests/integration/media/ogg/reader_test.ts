import assert from "node:assert/strict";
import { OggReader } from "../../../../src/media/ogg/reader.ts";
import { channelsOf, silence } from "../../../../src/media/opus.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { oggOf } from "../../../support/ogg_samples.ts";

function tone(channels: number, ...args: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const input = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2"];
  return ffmpeg(...input, "-ac", `${channels}`, "-c:a", "libopus", ...args, "-f", "ogg", "-");
}

for (const channels of [1, 2]) {
  for (const args of [[], ["-page_duration", "20000"], ["-frame_duration", "60"]]) {
    Deno.test(`reader reads ${channels} channels that ffmpeg writes ${args.join(" ")}`, async () => {
      const reader = new OggReader();
      const packets = reader.push(await tone(channels, ...args));
      assert.equal(reader.damaged, 0);
      let end = 0;
      for (const { data, granule, samples, head } of packets) {
        assert.deepEqual(head, { channels, preSkip: 312 });
        assert.equal(channelsOf(data), channels);
        assert.equal(granule, end += samples);
      }
      // The encoder's own delay is added, and the last packet is filled up.
      assert(end >= 96_312 && end < 96_312 + 2_880, `${end} samples`);
    });
  }
}

/** Decodes an Ogg stream with ffmpeg, to samples at 48 kHz of two channels. */
async function decode(ogg: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const file = await Deno.makeTempFile({ suffix: ".ogg" });
  try {
    await Deno.writeFile(file, ogg);
    const pcm = await ffmpeg("-xerror", "-i", file, "-f", "f32le", "-");
    return new Float32Array(pcm.buffer, pcm.byteOffset, pcm.byteLength / 4);
  } finally {
    await Deno.remove(file);
  }
}

const loudness = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

Deno.test("ffmpeg plays what the writer writes, mono and stereo packets in one stream", async () => {
  const mono = new OggReader().push(await tone(1)).map(({ data }) => data);
  const stereo = new OggReader().push(await tone(2)).map(({ data }) => data);
  const samples = await decode(oggOf([...mono, ...stereo]));
  const seconds = (mono.length + stereo.length) / 50;
  assert(Math.abs(samples.length / 2 / 48_000 - (seconds - 0.08)) < 0.001);
  assert(loudness(samples) > 0.05, `${loudness(samples)}`);
});

Deno.test("ffmpeg hears nothing in a packet of silence", async () => {
  for (const channels of [1, 2] as const) {
    const samples = await decode(oggOf(Array(50).fill(silence(channels))));
    assert.equal(samples.length, 2 * (50 * 960 - 3_840));
    assert(loudness(samples) < 1e-6, `${loudness(samples)}`);
  }
});
