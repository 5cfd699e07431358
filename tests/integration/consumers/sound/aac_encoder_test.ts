import assert from "node:assert/strict";
import { createAacTrack } from "../../../../src/app/aac_track.ts";
import { SYSTEM_CLOCK } from "../../../../src/clock.ts";
import { concat } from "../../../../src/media/jpeg/concat.ts";
import { silence } from "../../../../src/media/opus.ts";
import { AAC_DURATION, type AacPacket } from "../../../../src/streams/aac.ts";
import { SoundStream } from "../../../../src/streams/sound_stream.ts";
import { opusTonePackets } from "../../../support/opus_tone_packets.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { until } from "../../../support/until.ts";

/** How late sound comes out of libopus. Milliseconds. */
const OPUS_DELAY = 6.5;

/** ffmpeg takes long to start on a busy machine. */
const BUSY = { timeout: 30_000 };

/** A packet of silence is no longer. */
const SILENT_BYTES = 20;

/** A sample louder than this is of the tone, which libopus fades in over 15 ms. */
const LOUD = 500;

/** How far the sound may be ahead of its AAC, in a test that waits for it: less than it is waited for. Milliseconds. */
const MAX_AHEAD_MS = 350;

function setUp({ program = "ffmpeg", clock = SYSTEM_CLOCK } = {}) {
  const sound = new SoundStream();
  sound.isOpen = true;
  const log = recordingLog();
  const track = createAacTrack({ sound, ffmpeg: program, log, clock });
  const packets: AacPacket[] = [];
  const consumer = { deliver: (packet: AacPacket) => void packets.push(packet) };
  const publish = (data: Uint8Array<ArrayBuffer>, at: number) =>
    sound.publish({ track: "sound", sequence: 0, isKey: true, duration: 20, at, data });
  return {
    ...{ sound, log, track, packets, consumer, publish },
    kinds: () => packets.map(({ data }) => data.length > SILENT_BYTES ? "x" : ".").join(""),
    /** Plays in real time, over and over, until it is disposed. */
    play(tone: readonly Uint8Array<ArrayBuffer>[]): Disposable {
      let played = 0;
      const begun = Date.now();
      const timer = setInterval(() => {
        for (; begun + 20 * (played + 1) <= Date.now(); played++) {
          publish(tone[played % tone.length], begun + 20 * played);
        }
      }, 20);
      return { [Symbol.dispose]: () => clearInterval(timer) };
    },
  };
}

/** The header that ADTS (ISO/IEC 13818-7, section 6.2) puts before a packet of AAC-LC, 48 kHz, stereo. */
function adts({ data }: AacPacket): Uint8Array<ArrayBuffer> {
  const length = data.length + 7;
  return concat(
    Uint8Array.of(
      0xff,
      0xf1,
      0x4c,
      0x80 | length >> 11,
      length >> 3 & 255,
      (length & 7) << 5 | 31,
      0xfc,
    ),
    data,
  );
}

/** Decodes to 16-bit samples of one channel at 48 kHz: 1,024 for each packet. */
async function decode(packets: readonly AacPacket[]): Promise<Int16Array> {
  const decoder = new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", "-v", "error", "-f", "aac", "-i", "pipe:0"],
      ...["-ac", "1", "-f", "s16le", "-"],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ stdout, stderr }] = await Promise.all([
    decoder.output(),
    new Blob(packets.map(adts)).stream().pipeTo(decoder.stdin),
  ]);
  assert.equal(new TextDecoder().decode(stderr), "");
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
}

function assertUnbroken(packets: readonly AacPacket[]): void {
  for (const [i, { at }] of packets.entries()) {
    assert(Math.abs(at - packets[0].at - i * AAC_DURATION) < 0.01, `packet ${i}`);
  }
}

/** The pids of the ffmpeg processes of this process that encode AAC. */
async function encoders(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = await Deno.readTextFile(`/proc/${name}/status`);
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      const isOwn = new RegExp(`^PPid:\\t${Deno.pid}$`, "m").test(status);
      if (isOwn && command.includes("\0aac\0")) pids.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return pids;
}

Deno.test("AAC track has the tone at its time between silence, and as much of it", async () => {
  // Waits for ffmpeg, so that a busy machine changes nothing.
  let now = 1_700_000_000_000;
  const clock = { wall: () => now, monotonic: () => now };
  const { log, track, packets, consumer, publish } = setUp({ clock });
  const pass = async () => {
    now += 20;
    await until("AAC", () => now - packets.at(-1)!.at <= MAX_AHEAD_MS, Boolean, { every: 1 });
  };
  const quiet = Array(75).fill(silence(1));
  const tone = await opusTonePackets(2);
  track.join(consumer);
  now += 40;
  await until("silence", () => packets.length > 0);
  for (let i = 0; i < 25; i++) await pass();
  // Once sound begins, silence comes only for what is further behind than ffmpeg may be here.
  await until("all silence", () => now - packets.at(-1)!.at <= 2 * AAC_DURATION);
  assert.deepEqual(await encoders(), []);
  const begun = now + 20 * quiet.length;
  for (const data of [...quiet, ...tone, ...quiet]) {
    const at = now;
    await pass();
    publish(data, at);
  }
  const ended = begun + 2_000;
  now += 1_500;
  await until("ffmpeg to end", encoders, ({ length }) => length === 0);
  track.leave(consumer);
  await track[Symbol.asyncDispose]();
  assertUnbroken(packets);
  const samples = await decode(packets);
  assert.equal(samples.length, packets.length * 1_024);
  const timeOf = (index: number) => packets[0].at + index / 48 - OPUS_DELAY;
  const isLoud = (sample: number) => Math.abs(sample) > LOUD;
  const first = timeOf(samples.findIndex(isLoud));
  const last = timeOf(samples.findLastIndex(isLoud));
  assert(Math.abs(first - begun) <= 30, `begins ${first - begun} ms late`);
  assert(Math.abs(last - ended) <= 30, `ends ${last - ended} ms late`);
  assert.deepEqual(log.lines, []);
});

Deno.test("AAC track replaces an ffmpeg that was killed, is silence meanwhile, and ends it with the sound", async () => {
  const { sound, log, track, packets, consumer, play, kinds } = setUp();
  using _ = play(await opusTonePackets(1));
  track.join(consumer);
  const [pid] = await until("an ffmpeg", encoders, ([pid]) => pid !== undefined, BUSY);
  await until("sound", kinds, (kinds) => kinds.endsWith("x"), BUSY);
  Deno.kill(pid, "SIGKILL");
  await until("silence", kinds, (kinds) => kinds.endsWith("."), BUSY);
  const [, more] = await until("another ffmpeg", encoders, ([now]) => now > 0 && now !== pid, BUSY);
  assert.equal(more, undefined);
  await until("sound", kinds, (kinds) => kinds.endsWith("x"), BUSY);
  sound.isOpen = false;
  await until("ffmpeg to end", encoders, ({ length }) => length === 0);
  track.leave(consumer);
  await track[Symbol.asyncDispose]();
  assertUnbroken(packets);
  assert.deepEqual(log.lines.filter((line) => !line.startsWith("debug: ")), [
    "warn: The AAC encoder ended and is started again",
  ]);
});

Deno.test("AAC track is silence where ffmpeg is missing", async () => {
  const { track, packets, consumer, play, log } = setUp({ program: "/nowhere/ffmpeg" });
  using _ = play(await opusTonePackets(1));
  track.join(consumer);
  await until("silence", () => packets.length >= 40, Boolean, BUSY);
  track.leave(consumer);
  await track[Symbol.asyncDispose]();
  assertUnbroken(packets);
  assert((await decode(packets)).every((sample) => sample === 0));
  assert(log.lines.some((line) => line.startsWith("warn: The AAC encoder ended")));
});
