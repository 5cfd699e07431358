import assert from "node:assert/strict";
import { UserError } from "../../../src/errors.ts";
import { diagnoseSound, lacksEncoder } from "../../../src/producers/sound/sound_diagnosis.ts";
import type { SoundRunEnd } from "../../../src/producers/sound/sound_run.ts";

const MICROPHONE = { name: 'microphone "USB Mic"', kind: "device" } as const;
const FILE = { name: 'file "clip.mp4"', kind: "file" } as const;
const ADDRESS = { name: "rtsp://10.0.0.7", kind: "url" } as const;

function ended(...lines: readonly string[]): SoundRunEnd {
  return { startFailure: null, lines, hadPackets: false, stalled: false };
}

for (
  const [naming, line, kind, reason] of [
    [
      MICROPHONE,
      "[alsa @ 0x55] cannot open audio device hw:0 (Device or resource busy)",
      "refused",
      'Cannot open microphone "USB Mic": another program is using it. Close that program',
    ],
    [
      MICROPHONE,
      "[dshow @ 0x55] Could not run graph (sometimes caused by a device already in use by other application)",
      "refused",
      'Cannot open microphone "USB Mic": another program is using it. Close that program',
    ],
    [
      MICROPHONE,
      "[alsa @ 0x55] cannot open audio device hw:0 (Permission denied)",
      "refused",
      'Cannot open microphone "USB Mic": no permission. To get it, run "sudo usermod -aG audio $USER", ' +
      "then log out and in again",
    ],
    [
      MICROPHONE,
      "[alsa @ 0x55] cannot open audio device hw:7 (No such file or directory)",
      "missing",
      'Microphone "USB Mic" is not connected. Plug it in',
    ],
    [
      MICROPHONE,
      "mic: No such process",
      "missing",
      'Cannot open microphone "USB Mic": no sound server is running. Start PulseAudio or PipeWire',
    ],
    [
      MICROPHONE,
      "Unknown input format: 'pulse'",
      "refused",
      'Cannot open microphone "USB Mic": this ffmpeg cannot record sound. Install a full build',
    ],
    [
      MICROPHONE,
      "Unknown encoder 'opus'",
      "refused",
      "Cannot encode sound: this ffmpeg has no Opus encoder. Install one with libopus",
    ],
    [
      FILE,
      "Stream specifier ':a:0' in filtergraph description matches no streams.",
      "refused",
      'File "clip.mp4" has no sound',
    ],
    [
      FILE,
      "file:clip.mp4: No such file or directory",
      "missing",
      'Cannot open file "clip.mp4": it does not exist',
    ],
    [
      FILE,
      "file:clip.mp4: Invalid data found when processing input",
      "refused",
      'Cannot play file "clip.mp4": it is no sound or video, or damaged',
    ],
    [
      ADDRESS,
      "[rtsp @ 0x55] method DESCRIBE failed: 401 Unauthorized",
      "refused",
      "Cannot open rtsp://10.0.0.7: it asks for a user name and password",
    ],
    [
      ADDRESS,
      "rtsp://me:secret@10.0.0.7/key: Connection refused",
      "refused",
      "Cannot open rtsp://10.0.0.7: nothing answers there. Start the sender",
    ],
    [
      ADDRESS,
      "rtsp://me:secret@10.0.0.7/key: Protocol error",
      "refused",
      "Cannot open rtsp://10.0.0.7: ffmpeg says: Protocol error",
    ],
  ] as const
) {
  Deno.test(`diagnoseSound explains ${line}`, () => {
    assert.deepEqual(diagnoseSound(naming, ended(line), "linux"), { kind, reason });
  });
}

Deno.test("diagnoseSound explains a stall, an end and an ffmpeg that is not there", () => {
  assert.deepEqual(diagnoseSound(MICROPHONE, { ...ended(), stalled: true }, "linux"), {
    kind: "ended",
    reason: 'No sound comes from microphone "USB Mic". Unplug it and plug it in again',
  });
  assert.deepEqual(diagnoseSound(MICROPHONE, { ...ended(), hadPackets: true }, "linux"), {
    kind: "ended",
    reason: 'The sound of microphone "USB Mic" ended',
  });
  const startFailure = new UserError("Cannot find ffmpeg");
  assert.deepEqual(diagnoseSound(MICROPHONE, { ...ended(), startFailure }, "linux"), {
    kind: "refused",
    reason: "Cannot find ffmpeg",
  });
});

Deno.test("lacksEncoder tells a missing encoder from other ends", () => {
  assert.equal(lacksEncoder(ended("Unknown encoder 'libopus'")), true);
  assert.equal(lacksEncoder(ended("mic: Input/output error")), false);
});
