import assert from "node:assert/strict";
import fc from "fast-check";
import { RateControl } from "../../../static/js/sound/rate_control.js";

Deno.test("sound that is late plays faster, by at most 2 %", () => {
  assert.equal(new RateControl().follow(0, 20), 1);
  assert.equal(new RateControl().follow(500, 20), 1.02);
  assert.equal(new RateControl().follow(-500, 20), 0.98);
  assert.ok(new RateControl().follow(10, 20) > 1.003);
});

Deno.test("a clock that is wrong for ever leaves no error", () => {
  for (const drift of [-0.005, 0.005]) {
    const control = new RateControl();
    let error = 0;
    let most = 0;
    for (let i = 0; i < 30 * 60 * 50; i++) {
      error += 20 * (1 + drift - control.follow(error, 20));
      most = Math.max(most, Math.abs(error));
    }
    assert.ok(Math.abs(error) < 0.1, `${error} ms`);
    assert.ok(most < 15, `${most} ms`);
  }
});

Deno.test("any error is corrected without overshooting by more than a tenth", () => {
  fc.assert(fc.property(fc.integer({ min: -300, max: 300 }), (first) => {
    const control = new RateControl();
    let error = first;
    for (let i = 0; i < 60 * 50; i++) {
      error += 20 * (1 - control.follow(error, 20));
      assert.ok(
        Math.sign(error) !== -Math.sign(first) || Math.abs(error) <= Math.abs(first) / 10 + 6,
      );
    }
    assert.ok(Math.abs(error) < 1, `${error} ms`);
  }));
});
