import assert from "node:assert/strict";
import type { SoundFailure } from "../../../src/producers/sound/sound_input.ts";
import { UnlistedSoundError } from "../../../src/producers/sound/sound_producer.ts";
import { listSoundDevices } from "../../../src/producers/sound/sound_devices.ts";
import { type PictureSound, SoundSwitcher } from "../../../src/producers/sound/switcher.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../support/scripted_ffmpeg.ts";
import { until } from "../../support/until.ts";

/** Answers `-sources pulse` with one microphone. */
const LIST = 'case "$*" in *-sources*) ' +
  "echo 'Auto-detected sources for pulse:'; echo '* mic [Microphone] (none)'; exit ;; esac";
const WAIT = "until [ -e go ]; do sleep 0.02; done";

function noPictureSound(): PictureSound | null {
  return null;
}

function createSwitcher(
  { program }: ScriptedFfmpeg,
  { source = "auto", system = "linux" as "linux" | "windows", pictureSound = noPictureSound } = {},
): SoundSwitcher {
  const ffmpeg = { program, system, log: recordingLog() };
  return new SoundSwitcher({ source, bitRate: 48_000, ffmpeg, pictureSound });
}

Deno.test("a sound that is turned off stays off, though a microphone chosen before is found later", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create(WAIT, LIST);
  const switcher = createSwitcher(ffmpeg);
  const chosen = switcher.switchTo("mic");
  const turnedOff = switcher.switchTo("off");
  assert.equal(switcher.status.state, "off");
  await turnedOff;
  await ffmpeg.touch("go");
  await chosen;
  assert.deepEqual([switcher.source, switcher.status.state], ["off", "off"]);
});

Deno.test("sound switches to off, auto and its first source though ffmpeg does not answer", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create();
  const switcher = createSwitcher(ffmpeg, { source: "rtsp://me:secret@10.0.0.7/key" });
  for (const choice of ["off", "auto", "sound 1"]) {
    switcher.switchTo(choice);
    assert.equal(switcher.source, choice);
  }
});

Deno.test("sound switches to nothing that is not listed", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create(LIST);
  const switcher = createSwitcher(ffmpeg);
  for (const choice of ["/etc/passwd", "rtsp://10.0.0.7", "Microphone", "sound 1", ""]) {
    await assert.rejects(switcher.switchTo(choice), UnlistedSoundError);
    assert.equal(switcher.source, "auto");
  }
  await switcher.switchTo("mic");
  assert.equal(switcher.source, "mic");
});

Deno.test("a listed microphone with a slash in its name is a device, not a file", async () => {
  const name = "Line (USB3.0 HD Audio/Video Capture)";
  await using ffmpeg = await ScriptedFfmpeg.create(
    `echo '[dshow @ 1] "${name}" (audio)' >&2; exit`,
  );
  const switcher = createSwitcher(ffmpeg, { system: "windows" });
  const sources = await switcher.sources();
  assert.deepEqual(sources.at(-1), { source: name, name });
  await switcher.switchTo(name);
  assert.equal(switcher.source, name);
  assert.deepEqual(await switcher.sources(), sources);
});

Deno.test("a sound server that does not answer is not taken for a lack of microphones", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create();
  const { program } = ffmpeg;
  using time = new FakeTime();
  const listed = listSoundDevices({ program, system: "linux", log: recordingLog() });
  time.tick(5_000);
  const message = "The sound server does not answer. Restart PulseAudio or PipeWire";
  await assert.rejects(listed, { name: "UserError", message });
});

Deno.test("a microphone is shown as open before its first packet, until its ffmpeg has ended", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create(LIST, "echo $$ >> pids", WAIT, "exit 1");
  const switcher = createSwitcher(ffmpeg);
  switcher.packets();
  switcher.isWanted = true;
  await until("ffmpeg", () => ffmpeg.pids(), ({ length }) => length > 0);
  const { state, name, isOpen } = switcher.status;
  assert.deepEqual([state, name, isOpen], ["waiting", "Microphone (default)", true]);
  await ffmpeg.touch("go");
  await until("its end", () => switcher.status.isOpen, (isOpen) => !isOpen);
  await switcher.stop();
});

Deno.test("no microphone takes the place of a file's own sound when another picture is shown", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create("echo $$ >> pids");
  let picture: { readonly kind: "file"; readonly path: string } | null = null;
  const pictureSound = (): PictureSound | null => {
    const { promise, resolve } = Promise.withResolvers<SoundFailure>();
    const stop = () => resolve({ kind: "ended", reason: "" });
    const open = () => ({ ended: promise, stop });
    return picture && { name: "one.mp4", of: picture, open };
  };
  picture = { kind: "file", path: "/srv/one.mp4" };
  const switcher = createSwitcher(ffmpeg, { source: "auto", pictureSound });
  switcher.packets();
  switcher.isWanted = true;
  await until("the sound", () => switcher.status.name === "one.mp4");
  picture = null;
  switcher.pictureChanged();
  assert.deepEqual([switcher.source, switcher.status.state], ["off", "off"]);
  await switcher.switchTo("auto");
  await until(
    "the microphone, once it is asked for",
    () => ffmpeg.pids(),
    (pids) => pids.length > 0,
  );
  await switcher.stop();
});

Deno.test("a change of the picture reopens its own sound, and no other", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create("echo $$ >> pids");
  const first = { kind: "file", path: "/srv/one.mp4" } as const;
  const second = { kind: "file", path: "/srv/two.mp4" } as const;
  const opened: unknown[] = [];
  let picture: typeof first | typeof second | null = null;
  const pictureSound = (): PictureSound | null => {
    const of = picture;
    const { promise, resolve } = Promise.withResolvers<SoundFailure>();
    const stop = () => resolve({ kind: "ended", reason: "" });
    const open = () => (opened.push(of), { ended: promise, stop });
    return of && { name: "", of, open };
  };
  const switcher = createSwitcher(ffmpeg, { source: "/srv/sound.wav", pictureSound });
  switcher.packets();
  switcher.isWanted = true;
  const [pid] = await until("ffmpeg", () => ffmpeg.pids(), ({ length }) => length > 0);
  switcher.pictureChanged();
  await new Promise((resolve) => setTimeout(resolve));
  assert.match(await Deno.readTextFile(`/proc/${pid}/cmdline`), /./, "it still runs");
  for (picture of [first, first, second] as const) {
    switcher.pictureChanged();
    await until("the sound", () => opened.at(-1) === picture);
  }
  assert.deepEqual(opened, [first, second]);
  await switcher.stop();
});
