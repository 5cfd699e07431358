import assert from "node:assert/strict";
import { StudioHistory } from "../../src/channel/studio_history.ts";

Deno.test("studio history keeps a sample of every two seconds, for ten minutes", () => {
  let now = 5_000, taken = 0;
  const history = new StudioHistory(
    () => ({ viewers: ++taken, kbps: 100, delay: null, motion: null }),
    { monotonic: () => now },
  );
  assert.deepEqual(history.samples, []);
  for (let tick = 0; tick < 9; tick++, now += 250) history.tick();
  assert.deepEqual(history.samples, [
    { ago: 2_250, viewers: 1, kbps: 100, delay: null, motion: null },
    { ago: 250, viewers: 2, kbps: 100, delay: null, motion: null },
  ]);
  for (let tick = 0; tick < 4 * 3600; tick++, now += 250) history.tick();
  assert.equal(history.samples.length, 301);
  assert(history.samples.every(({ ago }) => ago >= 0 && ago <= 600_250));
});
