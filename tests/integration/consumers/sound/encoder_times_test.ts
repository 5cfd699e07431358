import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { EncoderProcess } from "../../../../src/consumers/sound/encoder_process.ts";
import { MP3 } from "../../../../src/consumers/sound/sound_format.ts";
import { silence } from "../../../../src/media/opus.ts";
import { opusTonePackets } from "../../../support/opus_tone_packets.ts";
import { until } from "../../../support/until.ts";

/** Milliseconds. */
const BEGUN = 1_000_000;
const PACKETS_BEFORE = 50;

/** How late sound comes out of libopus. Milliseconds. */
const OPUS_DELAY = 6.5;

/** Decodes MP3 to 16-bit samples of one channel at 48 kHz. */
async function decode(mp3: Uint8Array<ArrayBuffer>): Promise<Int16Array> {
  const decoder = new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", "-v", "error", "-f", "mp3", "-i", "pipe:0"],
      ...["-ac", "1", "-f", "s16le", "-"],
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ stdout }] = await Promise.all([
    decoder.output(),
    new Blob([mp3]).stream().pipeTo(decoder.stdin),
  ]);
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
}

Deno.test("the time of an MP3 frame is when its sound was captured", async () => {
  const frames: { readonly data: Uint8Array<ArrayBuffer>; readonly at: number }[] = [];
  const process = new EncoderProcess({
    program: "ffmpeg",
    format: MP3,
    log: { debug: () => {} },
    onFrame: (data, at) => frames.push({ data, at }),
  });
  const packets = [...Array(PACKETS_BEFORE).fill(silence(1)), ...await opusTonePackets(1)];
  for (const [i, packet] of packets.entries()) {
    process.encode(packet, BEGUN + 20 * i);
    await delay(5);
  }
  const rest = setInterval(() => process.encode(silence(1), BEGUN), 20);
  await until("the frames", () => frames.length >= 70);
  clearInterval(rest);
  process.kill();
  await process.ended;
  const samples = await decode(
    new Uint8Array(await new Blob(frames.map(({ data }) => data)).arrayBuffer()),
  );
  const onset = samples.findIndex((sample) => Math.abs(sample) > 100);
  const at = frames[Math.floor(onset / 1_152)].at + onset % 1_152 / 48;
  const expected = BEGUN + 20 * PACKETS_BEFORE + OPUS_DELAY;
  assert(Math.abs(at - expected) < 3, `${at - expected} ms late`);
});
