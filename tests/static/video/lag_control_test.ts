import assert from "node:assert/strict";
import { LagControl, TARGET_MS } from "../../../static/js/video/lag_control.js";

Deno.test("the player plays faster the further it is behind, and slower when it is too close", () => {
  const rate = (lag: number) => new LagControl().steer(lag, 0).rate;
  assert.equal(rate(TARGET_MS), 1);
  assert.equal(rate(TARGET_MS + 100), 1.2);
  assert.equal(rate(TARGET_MS + 240), 1.3);
  assert.equal(rate(0), 0.9);
});

Deno.test("small changes of the lag leave the rate as it is", () => {
  const control = new LagControl();
  assert.equal(control.steer(TARGET_MS + 5, 0).rate, 1);
  assert.equal(control.steer(TARGET_MS + 50, 33).rate, 1.1);
  assert.equal(control.steer(TARGET_MS + 45, 66).rate, 1.1);
});

Deno.test("far behind, the player seeks, but not again for two seconds", () => {
  const control = new LagControl();
  const seeks = (now: number) => control.steer(TARGET_MS + 251, now).seeks;
  assert.deepEqual([0, 1000, 1999, 2000].map(seeks), [true, false, false, true]);
});

Deno.test("the player comes to its target from anywhere within the reach of a seek", () => {
  for (const start of [0, 40, 200, TARGET_MS + 240]) {
    const control = new LagControl();
    let lag = start;
    for (let now = 0; now < 4000; now += 1000 / 30) {
      const { rate, seeks } = control.steer(lag, now);
      assert(!seeks);
      lag += (1 - rate) * 1000 / 30;
    }
    assert(Math.abs(lag - TARGET_MS) < 15, `${start} ms became ${lag} ms`);
  }
});
