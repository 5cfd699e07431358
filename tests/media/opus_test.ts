import assert from "node:assert/strict";
import fc from "fast-check";
import { channelsOf, samplesOf, silence } from "../../src/media/opus.ts";

const MS = 48;

function toc(configuration: number, { isStereo = false, code = 0 } = {}): number {
  return configuration << 3 | (isStereo ? 4 : 0) | code;
}

Deno.test("samples of every configuration are those of RFC 6716 table 2", () => {
  const silk = [10, 20, 40, 60], hybrid = [10, 20], celt = [2.5, 5, 10, 20];
  const durations = [silk, silk, silk, hybrid, hybrid, celt, celt, celt, celt].flat();
  assert.equal(durations.length, 32);
  durations.forEach((duration, configuration) => {
    const packet = Uint8Array.of(toc(configuration), 0);
    assert.equal(samplesOf(packet), duration * MS, `configuration ${configuration}`);
  });
});

Deno.test("samples count the frames of a packet", () => {
  assert.equal(samplesOf(Uint8Array.of(toc(31, { code: 1 }), 0)), 40 * MS);
  assert.equal(samplesOf(Uint8Array.of(toc(31, { code: 2 }), 0)), 40 * MS);
  assert.equal(samplesOf(Uint8Array.of(toc(31, { code: 3 }), 0xc6)), 120 * MS);
});

Deno.test("samples are 0 for what is no valid packet", () => {
  const tooLong = Uint8Array.of(toc(31, { code: 3 }), 7);
  const noFrames = Uint8Array.of(toc(31, { code: 3 }), 0);
  const noCount = Uint8Array.of(toc(31, { code: 3 }));
  for (const packet of [new Uint8Array(), tooLong, noFrames, noCount]) {
    assert.equal(samplesOf(packet), 0);
  }
});

Deno.test("samples of any bytes are at most 120 ms", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 4 }), (packet) => {
    assert(samplesOf(packet) <= 120 * MS);
  }));
});

Deno.test("silence is 20 ms of the channels asked for", () => {
  for (const channels of [1, 2] as const) {
    assert.equal(samplesOf(silence(channels)), 20 * MS);
    assert.equal(channelsOf(silence(channels)), channels);
  }
});
