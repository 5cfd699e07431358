import assert from "node:assert/strict";
import { ServerClock } from "../../static/js/server_clock.js";

const NOW = Date.UTC(2026, 10, 22, 12);
const answerAt = (at: number) => () =>
  Promise.resolve(new Response(null, { headers: { date: new Date(at).toUTCString() } }));

Deno.test("server clock follows a server whose clock is days behind", async () => {
  const threeDays = 3 * 24 * 60 * 60 * 1000;
  const clock = new ServerClock({ fetch: answerAt(NOW - threeDays), clock: { wall: () => NOW } });
  await clock.sync();
  assert(Math.abs(clock.wall() - (NOW - threeDays)) <= 500);
  assert(Math.abs(clock.here(NOW - threeDays) - NOW) <= 500);
});

Deno.test("server clock ignores a difference within its error", async () => {
  const clock = new ServerClock({ fetch: answerAt(NOW - 1000), clock: { wall: () => NOW } });
  await clock.sync();
  assert.equal(clock.wall(), NOW);
});

Deno.test("server clock keeps its time if the server does not answer", async () => {
  const clock = new ServerClock({
    fetch: () => Promise.reject(new TypeError("Away")),
    clock: { wall: () => NOW },
  });
  await clock.sync();
  assert.equal(clock.wall(), NOW);
});

Deno.test("server clock follows a server whose clock is set while the page is open", async () => {
  const clock = new ServerClock({ fetch: answerAt(NOW), clock: { wall: () => NOW } });
  clock.follow(NOW - 60_000, true);
  await clock.sync();
  clock.follow(NOW - 60_000, false);
  assert.equal(clock.wall(), NOW);
  const fiveHours = 5 * 60 * 60 * 1000;
  clock.follow(NOW - 60_000 - fiveHours, false);
  assert(Math.abs(clock.wall() - (NOW - fiveHours)) <= 500);
  clock.follow(NOW, true);
  await clock.sync();
  assert.equal(clock.wall(), NOW);
});
