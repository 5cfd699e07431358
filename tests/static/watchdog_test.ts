import assert from "node:assert/strict";
import { Watchdog } from "../../static/js/watchdog.js";
import { FakeTime } from "../support/fake_time.ts";

function setUp() {
  const noticed: string[] = [];
  const clock = { now: 0 };
  const watchdog = new Watchdog({
    onWake: () => noticed.push("wake"),
    onTick: () => noticed.push("tick"),
    now: () => clock.now,
  });
  return { watchdog, noticed, clock };
}

Deno.test("watchdog ticks each second, and notices a timer that came much too late", () => {
  using time = new FakeTime();
  const { watchdog, noticed, clock } = setUp();
  watchdog.start();
  const steps = [1000, 1040, 5900, 3_600_000, 1000];
  for (const step of steps) {
    clock.now += step;
    time.tick(1000);
  }
  assert.deepEqual(noticed, ["tick", "tick", "tick", "wake", "tick"]);
});

Deno.test("watchdog takes no notice of the time it was stopped for", () => {
  using time = new FakeTime();
  const { watchdog, noticed, clock } = setUp();
  watchdog.start();
  watchdog.stop();
  clock.now += 3_600_000;
  time.tick(60_000);
  watchdog.start();
  clock.now += 1000;
  time.tick(1000);
  assert.deepEqual(noticed, ["tick"]);
});
