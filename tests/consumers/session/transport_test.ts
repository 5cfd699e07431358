import assert from "node:assert/strict";
import { Transport } from "../../../src/consumers/session/transport.ts";

const LARGE = 100_000, SMALL = 5_000;

function report(roundTrip: number, congestionWindow = LARGE) {
  return { queued: 0, unsent: 0, roundTrip, shortestRoundTrip: 20, congestionWindow };
}

Deno.test("Transport knows nothing where the kernel tells no round trip", () => {
  const transport = new Transport();
  transport.take({ queued: 0, unsent: 0 }, 0);
  const { roundTrip, inflation, isIdle, isBusy } = transport;
  assert.deepEqual([roundTrip, inflation, isIdle, isBusy], [0, 0, false, false]);
  assert.equal(transport.isWaiting(0), false);
});

Deno.test("Transport tells a queue from jitter by how much longer round trips are", () => {
  const transport = new Transport();
  transport.take(report(45), 0);
  assert.deepEqual([transport.isIdle, transport.isBusy], [true, false]);
  transport.take(report(70), 50);
  assert.deepEqual([transport.isIdle, transport.isBusy, transport.inflation], [false, true, 50]);
});

Deno.test("Transport waits for TCP for eight round trips, unless packets find a queue", () => {
  const transport = new Transport();
  transport.take(report(20), 0);
  transport.begin(0);
  assert.deepEqual([transport.isWaiting(159), transport.isWaiting(161)], [true, false]);
  transport.take(report(70), 100);
  assert.equal(transport.isWaiting(101), false);
});

Deno.test("Transport takes a window that becomes small for a pause, and is over it a little later", () => {
  const transport = new Transport();
  transport.take(report(20), 0);
  assert.equal(transport.isPausing, false);
  transport.take(report(20, SMALL), 50);
  assert.deepEqual([transport.isPausing, transport.isWaiting(60)], [true, true]);
  transport.take(report(20), 300);
  assert.deepEqual([transport.isPausing, transport.isWaiting(280)], [false, true]);
  assert.equal(transport.isWaiting(320), false);
});

Deno.test("Transport takes a window that stays small, or was never large, for no pause", () => {
  const transport = new Transport();
  for (let at = 0; at < 3000; at += 50) {
    transport.take(report(20, SMALL), at);
    assert.equal(transport.isPausing, false);
  }
  transport.take(report(20), 3000);
  for (let at = 3050; at < 5000; at += 50) transport.take(report(20, SMALL), at);
  assert.deepEqual([transport.isPausing, transport.isWaiting(5000)], [false, false]);
});
