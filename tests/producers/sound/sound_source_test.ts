import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../src/errors.ts";
import { parseSoundSource, soundArgument } from "../../../src/producers/sound/sound_source.ts";

for (
  const [text, expected] of [
    ["off", { kind: "off" }],
    ["auto", { kind: "auto" }],
    ["default", { kind: "device", device: "default" }],
    ["hw:1,0", { kind: "device", device: "hw:1,0" }],
    ["plughw:CARD=USB,DEV=0", { kind: "device", device: "plughw:CARD=USB,DEV=0" }],
    ["alsa_input.usb-046d_0825.mono-fallback", {
      kind: "device",
      device: "alsa_input.usb-046d_0825.mono-fallback",
    }],
    ["alsa_output.pci.analog-stereo.monitor", {
      kind: "device",
      device: "alsa_output.pci.analog-stereo.monitor",
    }],
    ["Built-in Audio Analog Stereo", { kind: "device", device: "Built-in Audio Analog Stereo" }],
    [String.raw`@device_cm_{33D9A762}\wave_{1B2}`, {
      kind: "device",
      device: String.raw`@device_cm_{33D9A762}\wave_{1B2}`,
    }],
    ["song.mp3", { kind: "file", path: "song.mp3" }],
    ["/srv/party", { kind: "file", path: "/srv/party" }],
    [String.raw`C:\sound\party.WAV`, { kind: "file", path: String.raw`C:\sound\party.WAV` }],
    ["rtsp://me:secret@10.0.0.7/live", { kind: "url", url: "rtsp://me:secret@10.0.0.7/live" }],
    ["HTTP://radio.example/live.mp3", { kind: "url", url: "HTTP://radio.example/live.mp3" }],
  ] as const
) {
  Deno.test(`parseSoundSource reads ${text}`, () => {
    assert.deepEqual(parseSoundSource(text), expected);
  });
}

Deno.test("parseSoundSource refuses an address that ffmpeg must not open, without its secrets", () => {
  assert.throws(() => parseSoundSource("concat://me:secret@a"), (error) => {
    assert(error instanceof UserError);
    assert.match(error.message, /^Unsupported address of sound: it must start with rtsp:\/\//);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("soundArgument gives back what parseSoundSource read", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => {
    fc.pre(!text.includes("://"));
    assert.equal(soundArgument(parseSoundSource(text)), text);
  }));
});
