import assert from "node:assert/strict";
import { deviceInputs, fileSound, soundArgs } from "../../../src/producers/sound/sound_ways.ts";

for (
  const [api, device, input] of [
    ["pulse", "mic", "-f pulse -fragment_size 1920 -i mic"],
    ["alsa", "hw:1", "-f alsa -sample_rate 48000 -channels 2 -i hw:1"],
    ["avfoundation", "0", "-f avfoundation -i :0"],
    ["dshow", "Mic (USB)", "-f dshow -audio_buffer_size 20 -i audio=Mic (USB)"],
  ] as const
) {
  Deno.test(`deviceInputs opens a device of ${api}`, () => {
    const [first] = deviceInputs({ api, device });
    assert(first.join(" ").endsWith(input), first.join(" "));
  });
}

Deno.test("deviceInputs opens an ALSA device with one channel if it has no two", () => {
  const inputs = deviceInputs({ api: "alsa", device: "hw:1" }).map((args) => args.join(" "));
  assert.equal(inputs.length, 2);
  assert.match(inputs[1], /-channels 1 /);
});

Deno.test("fileSound lets a playlist refer to files only, and takes any name for a file", () => {
  const args = fileSound("-x.wav");
  assert.equal(args[args.indexOf("-protocol_whitelist") + 1], "file");
  assert.equal(args[args.indexOf("-i") + 1], "file:-x.wav");
});

Deno.test("soundArgs amplify only if asked to, and never beyond full scale", () => {
  const graph = (gain: number) => {
    const args = soundArgs(["-i", "mic"], { bitRate: 48_000, gain }, "libopus");
    return args[args.indexOf("-filter_complex") + 1];
  };
  assert.doesNotMatch(graph(0), /volume|limiter/);
  assert.match(graph(-6), /volume=-6dB,alimiter=limit=0\.97/);
});
