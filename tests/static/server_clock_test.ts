import assert from "node:assert/strict";
import { ServerClock } from "../../static/js/server_clock.js";

const NOW = Date.UTC(2026, 10, 22, 12);
const answerAt = (at: number) => () =>
  Promise.resolve(new Response(null, { headers: { date: new Date(at).toUTCString() } }));

Deno.test("server clock knows a server whose clock is days behind", async () => {
  const threeDays = 3 * 24 * 60 * 60 * 1000;
  const clock = new ServerClock({ fetch: answerAt(NOW - threeDays), now: () => NOW });
  await clock.sync();
  assert(Math.abs(clock.now - (NOW - threeDays)) <= 500);
  assert(Math.abs(clock.here(NOW - threeDays) - NOW) <= 500);
});

Deno.test("server clock takes a difference within its exactness for none", async () => {
  const clock = new ServerClock({ fetch: answerAt(NOW - 1000), now: () => NOW });
  await clock.sync();
  assert.equal(clock.now, NOW);
});

Deno.test("server clock keeps what it has where the server cannot be asked", async () => {
  const clock = new ServerClock({
    fetch: () => Promise.reject(new TypeError("Away")),
    now: () => NOW,
  });
  await clock.sync();
  assert.equal(clock.now, NOW);
});

Deno.test("server clock follows a server whose clock is set while the page is open", async () => {
  const clock = new ServerClock({ fetch: answerAt(NOW), now: () => NOW });
  clock.follow(NOW - 60_000, true);
  await clock.sync();
  clock.follow(NOW - 60_000, false);
  assert.equal(clock.now, NOW);
  const fiveHours = 5 * 60 * 60 * 1000;
  clock.follow(NOW - 60_000 - fiveHours, false);
  assert(Math.abs(clock.now - (NOW - fiveHours)) <= 500);
  clock.follow(NOW, true);
  await clock.sync();
  assert.equal(clock.now, NOW);
});
