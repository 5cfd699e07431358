import assert from "node:assert/strict";
import type { SoundDevice } from "../../../src/producers/sound/sound_devices.ts";
import { SoundChoices } from "../../../src/producers/sound/sound_choices.ts";

const MICROPHONE: SoundDevice = {
  api: "pulse",
  device: "mic",
  name: "Test Microphone",
  isDefault: true,
  isMonitor: false,
};
const SECRET = { kind: "url", url: "rtsp://me:secret@10.0.0.7/key" } as const;

Deno.test("sound choices list off, auto, devices and used sources, without secrets", () => {
  const choices = new SoundChoices();
  const device = { kind: "device", device: "mic" } as const;
  const list = choices.list([MICROPHONE], [SECRET, device, { kind: "file", path: "/srv/a.mp3" }]);
  assert.deepEqual(list, [
    { source: "off", name: "off" },
    { source: "auto", name: "default microphone" },
    { source: "mic", name: "Test Microphone" },
    { source: "sound 1", name: "rtsp://10.0.0.7" },
    { source: "sound 2", name: "a.mp3" },
  ]);
});

Deno.test("sound choices give a source the same number again", () => {
  const choices = new SoundChoices();
  assert.equal(choices.idOf(SECRET), "sound 1");
  assert.equal(choices.idOf({ kind: "file", path: "/srv/a.mp3" }), "sound 2");
  assert.equal(choices.idOf(SECRET), "sound 1");
});

Deno.test("sound choices show the text of a device only once it was listed", () => {
  const choices = new SoundChoices();
  assert.equal(choices.idOf({ kind: "device", device: "mic" }), "sound 1");
  for (const device of ["rtsp:user:hunter2@host", "user:hunter2@host"]) {
    const mistyped = { kind: "device", device } as const;
    assert.doesNotMatch(choices.idOf(mistyped), /hunter2/);
    assert.doesNotMatch(JSON.stringify(choices.list([MICROPHONE], [mistyped])), /hunter2/);
  }
  assert.equal(choices.idOf({ kind: "device", device: "mic" }), "mic");
});
