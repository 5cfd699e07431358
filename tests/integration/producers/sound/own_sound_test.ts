import assert from "node:assert/strict";
import { SYSTEM_CLOCK } from "../../../../src/clock.ts";
import { OwnSound } from "../../../../src/producers/sound/own_sound.ts";
import type { SoundInput, TimedPacket } from "../../../../src/producers/sound/sound_input.ts";
import { currentSystem } from "../../../../src/producers/ffmpeg/source.ts";
import { testsAtOnce } from "../../../support/at_once.ts";
import { cached } from "../../../support/cache.ts";
import { ffmpeg as ffmpegTool } from "../../../support/ffmpeg.ts";
import { flashBeepClip } from "../../../support/flash_beep_clip.ts";
import { beepTimes, flashTimes, lipOffsets } from "../../../support/lip_sync.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { until } from "../../../support/until.ts";

const test = testsAtOnce("the sound of a file", 2);

const PACKETS_A_SECOND = 50;
/** How near beeps are to their flashes, as the server dates both. Milliseconds. */
const MAX_OFFSET_MS = 40;

interface Stage extends AsyncDisposable {
  readonly probe: SwitcherProbe;
  readonly packets: TimedPacket[];
  readonly input: SoundInput;
  /** Waits for more packets. */
  more(seconds: number): Promise<void>;
  /** Returns the process ids of the ffmpegs that read the file's picture or sound. */
  ffmpegs(track: "picture" | "sound"): Promise<number[]>;
}

/** A file as the source of the picture, and its sound. */
async function stage(clip: string): Promise<Stage> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/${clip.replace(/.*\//, "")}`;
  await Deno.copyFile(clip, path);
  const probe = await new SwitcherProbe({ source: path }).start();
  const packets: TimedPacket[] = [];
  const ffmpeg = { program: "ffmpeg", system: currentSystem(), log: recordingLog() };
  const sound = new OwnSound(probe.switcher.picture);
  const setup = { ffmpeg, bitRate: 48_000, gain: 0, clock: SYSTEM_CLOCK };
  const onPacket = (packet: TimedPacket) => void packets.push(packet);
  const input = sound.of({ kind: "auto" })!.open(setup, { onPacket, onLevel() {} });
  return {
    probe,
    packets,
    input,
    async more(seconds) {
      const wanted = packets.length + seconds * PACKETS_A_SECOND;
      const timeout = seconds * 1_000 + 40_000;
      await until(`${seconds} s of sound`, () => packets.length >= wanted, Boolean, { timeout });
    },
    async ffmpegs(track) {
      const all = await processesWith(path);
      return all.filter(({ args }) => args.includes("pipe:1") && !args.includes("framecrc"))
        .filter(({ args }) => args.includes("ogg") === (track === "sound"))
        .map(({ pid }) => pid);
    },
    async [Symbol.asyncDispose]() {
      input.stop();
      await input.ended;
      await probe[Symbol.asyncDispose]();
      const left = await processesWith(path);
      await Deno.remove(folder, { recursive: true });
      assert.deepEqual(left, []);
    },
  };
}

async function processesWith(path: string): Promise<{ pid: number; args: string[] }[]> {
  const found: { pid: number; args: string[] }[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.includes(path)) found.push({ pid: Number(name), args: line.split("\0") });
  }
  return found;
}

/** Checks that beeps come with their flashes, and that there are at least so many. */
async function assertInStep({ probe, packets }: Stage, least: number): Promise<void> {
  const flashes = await flashTimes(probe.packets.filter(({ isCard }) => !isCard));
  const offsets = lipOffsets(flashes, await beepTimes(packets));
  assert.ok(offsets.length >= least, `${offsets.length} beeps`);
  // On a busy machine frames come late, but never early.
  const middle = offsets.length >> 1;
  for (const half of [offsets.slice(0, middle), offsets.slice(middle)]) {
    assert.ok(Math.abs(Math.max(...half)) <= MAX_OFFSET_MS, `${offsets} ms`);
  }
}

function gapsOf(packets: readonly TimedPacket[]): number[] {
  return packets.slice(1).map(({ at }, i) => at - packets[i].at - packets[i].duration)
    .filter((gap) => Math.abs(gap) > 0.01);
}

for (const [format, seconds] of [["avi", 2], ["mkv", 5], ["mp4", 2], ["mp4", 5]] as const) {
  test(`sound of an ${format} of ${seconds} s is in step, loop after loop, without a gap`, async () => {
    await using stages = await stage(await flashBeepClip(format, seconds));
    await stages.more(13);
    await assertInStep(stages, 5);
    assert.deepEqual(gapsOf(stages.packets), []);
  });
}

test("sound goes on in step after its ffmpeg was killed, and the picture does not notice", async () => {
  // So long that its ffmpeg does not end by itself.
  await using stages = await stage(await flashBeepClip("avi", 300));
  const { packets, ffmpegs, more } = stages;
  await more(2);
  const pictures = await ffmpegs("picture");
  let killed = 0;
  for (let i = 0; i < 3; i++) {
    const running = await ffmpegs("sound");
    killed += running.length;
    for (const pid of running) Deno.kill(pid, "SIGKILL");
    await more(3);
  }
  // What a killed one had written is played first, so the next one starts later.
  assert.ok(killed > 0);
  await assertInStep(stages, 4);
  assert.deepEqual(await ffmpegs("picture"), pictures);
  const lost = gapsOf(packets).reduce((sum, gap) => sum + gap, 0);
  assert.ok(lost < 1_000, `${lost} ms lost`);
});

test("sound follows another ffmpeg of the picture", async () => {
  await using stages = await stage(await flashBeepClip("avi", 5));
  const { probe, packets, ffmpegs, more } = stages;
  await more(1);
  const { restarts } = probe.stats;
  for (const pid of await ffmpegs("picture")) Deno.kill(pid, "SIGKILL");
  await until("silence", () => probe.switcher.picture.playback === null);
  packets.length = 0;
  await more(6);
  assert.equal(probe.stats.restarts, restarts + 1);
  await assertInStep(stages, 2);
});

test("sound of a file without any is refused with the reason", async () => {
  await using stages = await stage(await silentClip());
  const { kind, reason } = await stages.input.ended;
  assert.equal(kind, "refused");
  assert.equal(reason, 'File "silent.mp4" has no sound');
  assert.deepEqual(stages.packets, []);
});

test("sound of a file that is no media waits for its picture", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/notes.mp4`, "Not a video.");
  try {
    await using stages = await stage(`${folder}/notes.mp4`);
    await until("a failure", () => stages.probe.stats.failures > 0);
    assert.deepEqual(await stages.ffmpegs("sound"), []);
    assert.deepEqual(stages.packets, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function silentClip(): Promise<string> {
  return await cached("silent.mp4", async (path) => {
    await ffmpegTool("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30", "-t", "2", path);
  });
}
