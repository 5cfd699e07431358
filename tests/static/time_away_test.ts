import assert from "node:assert/strict";
import { TimeAway } from "../../static/js/time_away.js";
import { FakeTime } from "../support/fake_time.ts";
import "../support/page_texts.ts";

Deno.test("time away is counted down by the server's clock, and ends with the return", async () => {
  using time = new FakeTime();
  const shown: string[] = [];
  let synced = false, returns = 0;
  const ahead = 3_600_000;
  const away = new TimeAway({
    clock: {
      sync: () => Promise.resolve(void (synced = true)),
      wall: () => time.now + (synced ? ahead : 0),
    },
    onTick: (reason) => shown.push(reason),
    onLook: () => {},
    onReturn: () => returns++,
  });
  await away.start(ahead + 1000);
  assert.deepEqual(shown, ["You can return in 3 seconds."]);
  time.tick(2000);
  assert.equal(shown.at(-1), "You can return in 1 second.");
  assert.equal(returns, 0);
  time.tick(1000);
  assert.equal(returns, 1);
  assert.equal(time.timers, 0);
});

Deno.test("time away starts anew if the viewer is sent away again", async () => {
  using time = new FakeTime();
  let returns = 0;
  const away = new TimeAway({
    clock: { sync: () => Promise.resolve(), wall: () => time.now },
    onTick: () => {},
    onLook: () => {},
    onReturn: () => returns++,
  });
  await away.start(10_000);
  await away.start(60_000);
  time.tick(61_000);
  assert.equal(returns, 0);
  time.tick(1_000);
  assert.equal(returns, 1);
});

Deno.test("time away looks every ten seconds whether the viewer may come back at all", async () => {
  using time = new FakeTime();
  let looks = 0;
  const away = new TimeAway({
    clock: { sync: () => Promise.resolve(), wall: () => time.now },
    onTick: () => {},
    onLook: () => looks++,
    onReturn: () => {},
  });
  await away.start(53_000);
  assert.equal(looks, 0);
  for (let second = 0; second < 6; second++) time.tick(1000);
  assert.equal(looks, 1);
  for (let second = 0; second < 40; second++) time.tick(1000);
  assert.equal(looks, 5);
});
