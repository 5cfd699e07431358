import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../../../src/errors.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { tone } from "../../../support/pulse_audio.ts";
import { SoundStage } from "../../../support/sound_stage.ts";
import { until } from "../../../support/until.ts";

/** Amplitude 0.01: 40 dB below full scale. */
function whisper(seconds: number): number {
  return tone(seconds) / 25;
}

Deno.test("sound of a microphone comes only while it is wanted, an even 20 ms a packet", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  await delay(500);
  assert.deepEqual([stage.packets.length, await stage.running()], [0, []]);
  stage.switcher.isWanted = true;
  const packets = await stage.hear(100);
  for (const [i, packet] of packets.slice(1).entries()) {
    assert.equal(packet.sequence, packets[i].sequence + 1);
    assert(Math.abs(packet.at - packets[i].at - 20) < 0.5);
    assert.deepEqual([packet.track, packet.duration], ["sound", 20]);
  }
  assert.deepEqual(stage.switcher.status, {
    state: "on",
    name: "Test Microphone (default)",
    reason: null,
    isOpen: true,
  });
  const { peak, rms } = await stage.level();
  assert(Math.abs(peak + 12) < 0.5 && Math.abs(rms + 15.1) < 0.5, `${peak} ${rms}`);
  stage.switcher.isWanted = false;
  const count = stage.packets.length;
  await until("ffmpeg to end", () => stage.running(), (pids) => pids.length === 0);
  assert.equal(stage.packets.length, count);
  await until("the status", () => stage.switcher.status.isOpen, (isOpen) => !isOpen);
});

Deno.test("sound is back within 3 s after the microphone is, and the reason is told meanwhile", async () => {
  await using stage = await SoundStage.create();
  const first = await stage.pulse.plugIn();
  first.feed();
  stage.switcher.isWanted = true;
  await stage.hear();
  await first.unplug();
  await stage.sees(/^No microphone is connected\. Plug one in$/);
  assert.equal(stage.switcher.status.state, "waiting");
  await delay(3_000);
  await using second = await stage.pulse.plugIn();
  second.feed();
  await stage.hear(1, 3_000);
  assert.equal(stage.switcher.status.reason, null);
});

Deno.test("sound of a chosen microphone that is away is awaited by its name", async () => {
  await using stage = await SoundStage.create({ source: "studio mic" });
  await using other = await stage.pulse.plugIn({ name: "other", description: "Other" });
  other.feed();
  stage.switcher.isWanted = true;
  await stage.sees(/^Cannot find microphone "studio mic": there is Other$/);
  await using microphone = await stage.pulse.plugIn({ name: "m", description: "Studio Mic 2" });
  microphone.feed();
  await stage.hear(1, 3_000);
  assert.equal(stage.switcher.status.name, "Studio Mic 2");
});

Deno.test("sound goes on within 2 s after its ffmpeg was killed", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  stage.switcher.isWanted = true;
  await stage.hear(120);
  const [pid] = await stage.running();
  Deno.kill(pid, "SIGKILL");
  await stage.sees(/^The sound of microphone "Test Microphone" ended$/);
  await stage.hear(1, 2_000);
  assert.equal(stage.switcher.restarts, 1);
});

Deno.test("sound of a microphone that hangs is given up after 3 s, and comes back with it", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  stage.switcher.isWanted = true;
  await stage.hear();
  await microphone.hang();
  await stage.sees(/^No sound comes from microphone "Test Microphone"/, 6_000);
  microphone.feed();
  await stage.hear(1, 6_000);
});

Deno.test("sound of a busy microphone comes once it is free", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  await stage.behave("busy");
  stage.switcher.isWanted = true;
  await stage.sees(/another program is using it\. Close that program$/);
  await stage.behave("sound");
  await stage.hear(1, 4_000);
});

Deno.test("sound of silence is sound: packets go on, without a restart", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed(() => 0);
  stage.switcher.isWanted = true;
  await stage.hear(300, 15_000);
  assert.deepEqual(await stage.level(), { peak: -100, rms: -100 });
  assert.equal(stage.switcher.restarts, 0);
});

Deno.test("sound switches to another microphone while live, and refuses one that does not exist", async () => {
  await using stage = await SoundStage.create({ source: "quiet" });
  await using quiet = await stage.pulse.plugIn({ name: "quiet", description: "Quiet" });
  await using loud = await stage.pulse.plugIn({ name: "loud", description: "Loud" });
  quiet.feed(whisper);
  loud.feed();
  stage.switcher.isWanted = true;
  await stage.hear();
  assert((await stage.level()).peak < -35);
  await assert.rejects(stage.switcher.switchTo("nowhere"), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.message, 'Cannot find microphone "nowhere": there is Quiet, Loud');
    return true;
  });
  await stage.hear();
  await stage.switcher.switchTo("loud");
  await stage.hear();
  assert((await stage.level()).peak > -13);
  assert.equal(stage.switcher.source, "loud");
  const sources = (await stage.switcher.sources()).map(({ source }) => source);
  assert.deepEqual(sources, ["off", "auto", "quiet", "loud"]);
  await stage.switcher.switchTo("off");
  await until("ffmpeg to end", () => stage.running(), (pids) => pids.length === 0);
  assert.deepEqual(stage.switcher.status, { state: "off", name: "", reason: null, isOpen: false });
});

Deno.test("sound is amplified after an interruption of less than 2 s", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed(whisper);
  stage.switcher.isWanted = true;
  const before = (await stage.hear(10)).at(-1)!;
  stage.switcher.gain = 20;
  const [first] = await stage.hear(1);
  assert(first.at - before.at < 2_000);
  const { peak } = await stage.level();
  assert(Math.abs(peak + 20) < 1, `${peak}`);
});

Deno.test("sound is encoded by ffmpeg's own encoder where libopus is missing", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  await stage.behave("no libopus");
  stage.switcher.isWanted = true;
  await stage.hear();
  const [pid] = await stage.running();
  assert.match(await Deno.readTextFile(`/proc/${pid}/cmdline`), /opus\0-strict\0-2/);
});

Deno.test("sound without any encoder says what to install", async () => {
  await using stage = await SoundStage.create();
  await using _ = await stage.pulse.plugIn();
  await stage.behave("no encoder");
  stage.switcher.isWanted = true;
  await stage.sees(
    /^Cannot encode sound: this ffmpeg has no Opus encoder\. Install one with libopus$/,
  );
});

Deno.test("sound whose sound server ends says that no microphone is left", async () => {
  await using stage = await SoundStage.create();
  await using microphone = await stage.pulse.plugIn();
  microphone.feed();
  stage.switcher.isWanted = true;
  await stage.hear();
  await stage.pulse.stop();
  await stage.sees(/^No microphone is connected\. Plug one in$/);
});

Deno.test("sound of an ALSA device of a sound server that does not run says so", async () => {
  const asoundrc = "pcm.recorder { type pulse }\n";
  await using stage = await SoundStage.create({ source: "plug:recorder", asoundrc });
  await stage.pulse.stop();
  stage.switcher.isWanted = true;
  await stage.sees(/no sound server is running\. Start PulseAudio or PipeWire$/);
});

Deno.test("sound of a device of ALSA comes by its name there", async () => {
  const samples = await Deno.makeTempFile({ suffix: ".raw" });
  await ffmpeg(
    ...["-f", "lavfi", "-i", "sine=r=48000:d=30", "-ac", "2"],
    ...["-af", "volume=0.5", "-f", "s16le", samples],
  );
  // PulseAudio keeps the pace; the samples are the file's.
  const asoundrc = `pcm.recorder {
  type file
  slave.pcm { type pulse }
  file /dev/null
  infile ${samples}
  format raw
}
`;
  try {
    await using stage = await SoundStage.create({ source: "plug:recorder", asoundrc });
    await using microphone = await stage.pulse.plugIn();
    microphone.feed(() => 0);
    stage.switcher.isWanted = true;
    await stage.hear();
    assert.equal(stage.switcher.status.name, "plug:recorder");
    const { peak } = await stage.level();
    assert(peak > -40, `${peak}`);
  } finally {
    await Deno.remove(samples);
  }
});

Deno.test("sound of a file plays in real time, in a loop", async () => {
  const file = await Deno.makeTempFile({ suffix: ".wav" });
  await ffmpeg("-f", "lavfi", "-i", "sine=r=44100:d=1", file);
  try {
    await using stage = await SoundStage.create({ source: file });
    stage.switcher.isWanted = true;
    await stage.hear(5);
    const start = performance.now();
    await stage.hear(100, 6_000);
    const took = performance.now() - start;
    assert(took > 1_500 && took < 2_800, `${took}`);
    assert.equal(stage.switcher.source, "sound 1");
    assert.equal(stage.switcher.restarts, 0);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("sound of a file without sound, or of no media, says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await ffmpeg("-f", "lavfi", "-i", "testsrc2=d=1", "-c:v", "mjpeg", `${folder}/mute.avi`);
    await Deno.writeTextFile(`${folder}/text.wav`, "no sound");
    await using stage = await SoundStage.create({ source: `${folder}/mute.avi` });
    stage.switcher.isWanted = true;
    await stage.sees(/^File "mute\.avi" has no sound$/);
    await using other = await SoundStage.create({ source: `${folder}/text.wav` });
    other.switcher.isWanted = true;
    await other.sees(/^Cannot play file "text\.wav": it is no sound or video, or damaged$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
