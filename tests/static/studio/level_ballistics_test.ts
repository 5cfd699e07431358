import assert from "node:assert/strict";
import fc from "fast-check";
import {
  LevelBallistics,
  partOfMeter,
  QUIETEST_DB,
} from "../../../static/js/studio/level_ballistics.js";

const SILENCE = { peak: -100, rms: -100 };

Deno.test("meter rises at once and falls gradually", () => {
  const meter = new LevelBallistics();
  assert.equal(meter.update({ peak: -6, rms: -20 }, 1000).rms, -20);
  const { rms } = meter.update(SILENCE, 1100);
  assert.ok(rms < -20 && rms > -30, `${rms}`);
  assert.equal(meter.update({ peak: -3, rms: -10 }, 1200).rms, -10);
});

Deno.test("meter holds the peak before it falls", () => {
  const meter = new LevelBallistics();
  meter.update({ peak: -6, rms: -20 }, 1000);
  assert.equal(meter.update(SILENCE, 2400).peak, -6);
  const later = meter.update(SILENCE, 2600).peak;
  assert.ok(later < -6, `${later}`);
  assert.equal(meter.update({ peak: -2, rms: -20 }, 2700).peak, -2);
});

Deno.test("meter marks clipped samples for two seconds", () => {
  const meter = new LevelBallistics();
  assert.equal(meter.update({ peak: -0.5, rms: -8 }, 1000).isClipping, false);
  assert.equal(meter.update({ peak: -0.26, rms: -3 }, 1100).isClipping, true);
  assert.equal(meter.update({ peak: -20, rms: -30 }, 3000).isClipping, true);
  assert.equal(meter.update({ peak: -20, rms: -30 }, 3200).isClipping, false);
});

Deno.test("meter is empty after silence, and never leaves its scale", () => {
  const level = fc.double({ min: -200, max: 10, noNaN: true });
  fc.assert(fc.property(fc.array(fc.tuple(level, level, fc.nat(5000))), (levels) => {
    const meter = new LevelBallistics();
    let now = 0;
    for (const [peak, rms, wait] of levels) {
      const shown = meter.update({ peak, rms }, now += wait);
      for (const part of [partOfMeter(shown.peak), partOfMeter(shown.rms)]) {
        assert.ok(part >= 0 && part <= 1, `${part}`);
      }
    }
    meter.update(SILENCE, now += 5000);
    const { peak, rms, isClipping } = meter.update(SILENCE, now + 5000);
    assert.deepEqual([peak, rms, isClipping], [QUIETEST_DB, QUIETEST_DB, false]);
  }));
  assert.deepEqual([0, -30, QUIETEST_DB].map(partOfMeter), [1, 0.5, 0]);
});
