import { OggWriter } from "../../src/media/ogg/writer.ts";
import type { TimedPacket } from "../../src/producers/sound/sound_input.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { join } from "./jpegs.ts";

interface TimedFrame {
  readonly at: number;
  readonly data: Uint8Array;
}

/** Samples that players discard at the beginning of what `OggWriter` writes. */
const DISCARDED = 3_840;
const SAMPLES_A_MS = 48;
/** A beep follows on at least as many samples of silence. */
const SILENCE = 24_000;
/** The beep has half of the full amplitude. */
const LOUD = 4_000;
const WHITE = 128;

/** Returns the times of the first white frames of each flash. */
export async function flashTimes(frames: readonly TimedFrame[]): Promise<number[]> {
  return await inFile(join(...frames.map(({ data }) => data)), async (path) => {
    const gray = ["-vf", "scale=1:1", "-pix_fmt", "gray", "-fps_mode", "passthrough"];
    const levels = await ffmpeg("-f", "mjpeg", "-i", path, ...gray, "-f", "rawvideo", "pipe:1");
    return frames.filter((_, i) => levels[i] > WHITE && levels[i - 1] <= WHITE).map(({ at }) => at);
  });
}

/** Returns the times at which beeps begin. */
export async function beepTimes(packets: readonly TimedPacket[]): Promise<number[]> {
  const writer = new OggWriter();
  const pages = [writer.headers(), ...packets.map(({ data }) => writer.page(data))];
  return await inFile(join(...pages), async (path) => {
    const pcm = ["-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1"];
    const samples = new Int16Array((await ffmpeg("-i", path, ...pcm)).buffer);
    const times: number[] = [];
    let silentFor = 0;
    for (let i = 0; i < samples.length; i++) {
      if (Math.abs(samples[i]) < LOUD) {
        silentFor++;
        continue;
      }
      if (silentFor >= SILENCE) times.push(timeOf(i + DISCARDED, packets));
      silentFor = 0;
    }
    return times;
  });
}

/** Returns how much later than its flash each beep comes, of the flashes that have one within half a second. */
export function lipOffsets(flashes: readonly number[], beeps: readonly number[]): number[] {
  return flashes.flatMap((flash) => beeps.map((beep) => beep - flash))
    .filter((offset) => Math.abs(offset) < 500);
}

function timeOf(sample: number, packets: readonly TimedPacket[]): number {
  let begin = 0;
  for (const { at, duration } of packets) {
    const end = begin + duration * SAMPLES_A_MS;
    if (sample < end) return at + (sample - begin) / SAMPLES_A_MS;
    begin = end;
  }
  throw new RangeError(`No packet has sample ${sample}`);
}

async function inFile<Result>(
  bytes: Uint8Array,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}
