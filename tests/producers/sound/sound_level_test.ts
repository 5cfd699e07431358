import assert from "node:assert/strict";
import { LevelReader } from "../../../src/producers/sound/sound_level.ts";

const HEAD = "[Parsed_ametadata_5 @ 0x55afca64e480] ";

Deno.test("level reader gives a level for each report", () => {
  const reader = new LevelReader();
  const lines = ["frame:3    pts:14400   pts_time:0.3"];
  for (const level of ["-18.063656", "-inf"]) {
    lines.push(`lavfi.astats.Overall.Peak_level=${level}`);
    lines.push(`lavfi.astats.Overall.RMS_level=${level}`);
  }
  assert.deepEqual(lines.map((line) => reader.take(HEAD + line)), [
    ...[null, null, { peak: -18.1, rms: -18.1 }],
    ...[null, { peak: -100, rms: -100 }],
  ]);
});

Deno.test("level reader keeps levels in range, whatever a limiter lets through", () => {
  const reader = new LevelReader();
  reader.take(`${HEAD}lavfi.astats.Overall.Peak_level=1.5`);
  assert.deepEqual(reader.take(`${HEAD}lavfi.astats.Overall.RMS_level=-140`), {
    peak: 0,
    rms: -100,
  });
});

Deno.test("level reader leaves other lines alone", () => {
  assert.equal(new LevelReader().take("[alsa @ 0x55] cannot open audio device hw:0"), undefined);
});
