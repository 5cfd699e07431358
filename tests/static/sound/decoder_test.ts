import assert from "node:assert/strict";
import { Decoder } from "../../../static/js/sound/decoder.js";
import { TONE } from "./opus_tone.ts";

/** The part in use of what `deno info --json` prints. */
interface DenoInfo {
  readonly npmPackages: Readonly<Record<string, { readonly localPath: string }>>;
}

/** Returns the folder of the npm package, of the version in `deno.json`. */
async function installedFolder(): Promise<string> {
  const info = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "opus-decoder"],
    stderr: "inherit",
  });
  const { stdout } = await info.output();
  const { npmPackages }: DenoInfo = JSON.parse(new TextDecoder().decode(stdout));
  const keys = Object.keys(npmPackages).filter((key) => key.startsWith("opus-decoder@"));
  assert.equal(keys.length, 1);
  return npmPackages[keys[0]].localPath;
}

/** The level of 20 ms of sound: 0 is a tone as loud as can be. */
function decibels([left]: readonly Float32Array[]): number {
  assert.equal(left.length, 960);
  const power = left.reduce((sum, value) => sum + value * value, 0) / left.length;
  return 10 * Math.log10(2 * power);
}

Deno.test("the decoder is the npm package's, unchanged", async () => {
  const copy = new URL("../../../static/js/sound/opus-decoder.min.js", import.meta.url);
  const original = `${await installedFolder()}/dist/opus-decoder.min.js`;
  assert.ok(await Deno.readTextFile(copy) === await Deno.readTextFile(original));
});

Deno.test("packets become stereo sound of the same level", async () => {
  const decoder = await Decoder.load();
  const levels = TONE.map((packet) => decibels(decoder.decode(packet)));
  for (const level of levels.slice(2)) assert.ok(level > -23 && level < -19, `${level} dB`);
});

Deno.test("a lost packet is concealed: the sound goes on, and fades if nothing comes", async () => {
  const decoder = await Decoder.load();
  for (const packet of TONE) decoder.decode(packet);
  assert.ok(decibels(decoder.conceal()) > -25);
  for (let i = 0; i < 50; i++) decoder.conceal();
  assert.ok(decibels(decoder.conceal()) < -60);
});

Deno.test("what replaces a packet is as long as the one before", async () => {
  const decoder = await Decoder.load();
  // Packets without data, of 10 ms and 2.5 ms.
  for (const [kind, length] of [[0xf4, 480], [0xe4, 120]]) {
    assert.equal(decoder.decode(Uint8Array.of(kind))[0].length, length);
    assert.equal(decoder.conceal()[0].length, length);
  }
});

Deno.test("a decoder that has decoded nothing conceals by silence", async () => {
  const decoder = await Decoder.load();
  assert.equal(decibels(decoder.conceal()), -Infinity);
});

Deno.test("damaged and empty packets do no harm", async () => {
  const decoder = await Decoder.load();
  for (const packet of TONE) decoder.decode(packet);
  for (const damaged of [new Uint8Array(0), Uint8Array.of(0xff), Uint8Array.of(0x7f, 0xff, 0xff)]) {
    const [left, right] = decoder.decode(damaged);
    assert.equal(left.length, right.length);
    assert.ok(left.length > 0 && left.every(Number.isFinite));
  }
  const level = TONE.map((packet) => decibels(decoder.decode(packet))).pop();
  assert.ok(level && level > -23 && level < -19, `${level} dB`);
});
