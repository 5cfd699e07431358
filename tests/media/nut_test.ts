import assert from "node:assert/strict";
import fc from "fast-check";
import { NutReader } from "../../src/media/nut.ts";
import { ffmpeg } from "../support/ffmpeg.ts";

/** What ffmpeg writes for a tone with these arguments. */
function encode(...args: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const input = ["-f", "lavfi", "-i", "anoisesrc=r=48000:d=2:seed=1"];
  return ffmpeg(...input, ...args, "-f", "nut", "-write_index", "0", "pipe:1");
}

const OPUS = ["-ac", "2", "-c:a", "libopus", "-b:a", "48k"];

for (const [bitRate, channels] of [["6k", "1"], ["48k", "2"], ["256k", "2"]]) {
  Deno.test(`NUT reader gives every packet of ffmpeg's Opus at ${bitRate}, ${channels} channels`, async () => {
    const args = ["-ac", channels, "-c:a", "libopus", "-b:a", bitRate];
    const file = await encode(...args);
    const packets = new NutReader().push(file);
    const path = await Deno.makeTempFile({ suffix: ".nut" });
    try {
      await Deno.writeFile(path, file);
      // ffmpeg warns that it finds no index.
      const quiet = ["-loglevel", "quiet", "-i", path];
      const report = await ffmpeg(...quiet, "-c", "copy", "-f", "framecrc", "pipe:1");
      const lines = new TextDecoder().decode(report).split("\n").filter((line) => /^0,/.test(line));
      const expected = lines.map((line) =>
        line.split(",").slice(4, 6).map((field) => field.trim())
      );
      assert(packets.length > 90);
      assert.deepEqual(
        packets.map((packet) => [String(packet.length), adler32(packet)]),
        expected,
      );
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("NUT reader gives the same packets however the bytes are cut", async () => {
  const file = await encode(...OPUS);
  const whole = new NutReader().push(file);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1 }), (sizes) => {
      const reader = new NutReader();
      const packets: Uint8Array[] = [];
      for (let at = 0, i = 0; at < file.length; i++) {
        const size = sizes[i % sizes.length];
        packets.push(...reader.push(file.subarray(at, at += size)));
      }
      assert.deepEqual(packets, whole);
    }),
    { numRuns: 30 },
  );
});

Deno.test("NUT reader refuses damaged bytes with a RangeError, or gives packets, but does not hang", async () => {
  const file = (await encode(...OPUS)).subarray(0, 4_000);
  const damage = fc.record({ at: fc.nat(file.length - 1), byte: fc.nat(255) });
  fc.assert(fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), (all) => {
    const bytes = file.slice();
    for (const { at, byte } of all) bytes[at] = byte;
    try {
      for (const packet of new NutReader().push(bytes)) assert(packet.length <= 1 << 16);
    } catch (error) {
      assert(error instanceof RangeError, `${error}`);
    }
  }));
});

Deno.test("NUT reader holds a bounded number of bytes of an endless header", () => {
  const reader = new NutReader();
  reader.push(new TextEncoder().encode("nut/multimedia container\0"));
  const chunk = new Uint8Array(1 << 15).fill(0x80);
  assert.throws(() => {
    for (let i = 0; i < 100; i++) reader.push(chunk);
  }, RangeError);
});

Deno.test("NUT reader refuses two streams", async () => {
  const file = await encode("-map", "0", "-map", "0", "-c:a", "libopus");
  assert.throws(() => new NutReader().push(file), /more than one stream/);
});

/** The checksum of RFC 1950, from 0 rather than 1, as ffmpeg's framecrc writes it. */
function adler32(bytes: Uint8Array): string {
  let [low, high] = [0, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return `0x${((high * 65_536 + low) >>> 0).toString(16).padStart(8, "0")}`;
}
