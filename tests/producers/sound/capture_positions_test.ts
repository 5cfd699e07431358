import assert from "node:assert/strict";
import { CapturePositions } from "../../../src/producers/sound/capture_positions.ts";

const NOW = 1_795_750_000_000;
const head = { channels: 2, preSkip: 3_840 } as const;

function packet(at: number) {
  return { data: new Uint8Array(), granule: at * 48 + 960 + 3_840, samples: 960, head };
}

Deno.test("a packet was captured where its position says, by this machine's clock", () => {
  assert.equal(new CapturePositions(() => 0).take(packet(NOW), NOW + 60), NOW);
  assert.equal(new CapturePositions(() => 5_000).take(packet(NOW - 5_000), NOW + 60), NOW);
  // The sound of a file comes before its time.
  assert.equal(new CapturePositions(() => 0).take(packet(NOW), NOW - 60), NOW);
});

Deno.test("packets wait for the picture's clock, but not for ever", () => {
  const positions = new CapturePositions(() => null);
  for (let i = 0; i < 300; i++) assert.equal(positions.take(packet(NOW), NOW), undefined);
  assert.equal(positions.take(packet(NOW), NOW + 10), NOW);
});

Deno.test("while the picture connects anew, its clock counts as before", () => {
  let offset: number | null = 3_600_000;
  const positions = new CapturePositions(() => offset);
  positions.take(packet(NOW - 3_600_000), NOW);
  offset = null;
  for (let i = 0; i < 1000; i++) assert.equal(positions.take(packet(NOW - 3_600_000), NOW), NOW);
});

Deno.test("positions that are no times are not taken for any, once and for all", () => {
  const positions = new CapturePositions(() => 0);
  assert.equal(positions.take(packet(0), NOW), null);
  assert.equal(positions.take(packet(NOW), NOW), null);
});
