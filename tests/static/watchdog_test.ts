import assert from "node:assert/strict";
import { Watchdog } from "../../static/js/watchdog.js";
import { FakeTime } from "../support/fake_time.ts";

function setUp() {
  const noticed: string[] = [];
  const device = { now: 0 };
  const watchdog = new Watchdog({
    onWake: () => noticed.push("wake"),
    onTick: () => noticed.push("tick"),
    clock: { wall: () => device.now },
  });
  return { watchdog, noticed, device };
}

Deno.test("watchdog ticks each second, and notices a timer that fires much too late", () => {
  using time = new FakeTime();
  const { watchdog, noticed, device } = setUp();
  watchdog.start();
  const steps = [1000, 1040, 5900, 3_600_000, 1000];
  for (const step of steps) {
    device.now += step;
    time.tick(1000);
  }
  assert.deepEqual(noticed, ["tick", "tick", "tick", "wake", "tick"]);
});

Deno.test("watchdog ignores the time for which it was stopped", () => {
  using time = new FakeTime();
  const { watchdog, noticed, device } = setUp();
  watchdog.start();
  watchdog.stop();
  device.now += 3_600_000;
  time.tick(60_000);
  watchdog.start();
  device.now += 1000;
  time.tick(1000);
  assert.deepEqual(noticed, ["tick"]);
});
