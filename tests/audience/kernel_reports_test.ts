import assert from "node:assert/strict";
import { KernelReports, type PolledSession } from "../../src/audience/kernel_reports.ts";
import type { SocketStatistics } from "../../src/net/socket_statistics.ts";
import { FakeTime } from "../support/fake_time.ts";

/** A session that needs a poll every so many milliseconds, and keeps what it was brought. */
class Poller implements PolledSession {
  readonly taken: { readonly socket: SocketStatistics; readonly at: number }[] = [];
  readonly traffic: {
    pollEvery: number;
    acknowledgeByKernel: (socket: SocketStatistics, at: number) => void;
  };

  constructor(pollEvery: number) {
    const acknowledgeByKernel = (socket: SocketStatistics, at: number) =>
      void this.taken.push({ socket, at });
    this.traffic = { pollEvery, acknowledgeByKernel };
  }

  get times(): number[] {
    return this.taken.map(({ at }) => at);
  }
}

/** Reports of a kernel that takes so many milliseconds for each; without time, what it reports is `null`. */
function setUp({ takes = 0, prepareStream = (_key: string): boolean => true } = {}) {
  const time = new FakeTime();
  let spent = 0;
  const keys: string[] = [];
  const unknown = new Set<string>();
  const statisticsOf = (key: string) => {
    keys.push(key);
    spent += takes;
    return unknown.has(key) ? null : { queued: 7, unsent: 3, acknowledged: 100, roundTrip: 20 };
  };
  const reports = new KernelReports({ statisticsOf, prepareStream }, {
    monotonic: () => time.now + spent,
  });
  return { time, keys, unknown, reports, [Symbol.dispose]: () => time[Symbol.dispose]() };
}

const remote = (port: number) => ({ hostname: "10.0.0.2", port });

Deno.test("KernelReports polls for each session as often as that one needs it, and not for others", () => {
  using setup = setUp();
  const { reports, time } = setup;
  const often = new Poller(25), seldom = new Poller(500), never = new Poller(Infinity);
  [often, seldom, never].forEach((session, i) => reports.add(remote(i), session));
  reports.start();
  time.tick(1_030);
  assert.deepEqual(often.times, Array.from({ length: 41 }, (_, i) => 25 * (i + 1)));
  assert.deepEqual(seldom.times, [25, 525, 1025]);
  assert.deepEqual(never.times, []);
  assert.equal(setup.keys.filter((key) => key === "10.0.0.2 1").length, 3);
  never.traffic.pollEvery = 100;
  time.tick(25);
  assert.deepEqual(never.times, [1050]);
  reports.stop();
});

Deno.test("KernelReports brings a session what is reported of its connection, if anything is", () => {
  using setup = setUp();
  const { reports, unknown } = setup;
  const found = new Poller(25), lost = new Poller(25);
  reports.add({ hostname: "::ffff:10.0.0.2", port: 1 }, found);
  reports.add(remote(2), lost);
  unknown.add("10.0.0.2 2");
  reports.poll();
  const socket = { queued: 7, unsent: 3, acknowledged: 100, roundTrip: 20 };
  assert.deepEqual([found.taken, lost.taken], [[{ socket, at: 0 }], []]);
});

Deno.test("KernelReports polls once for all sessions of a connection, when the first is due", () => {
  using setup = setUp();
  const { reports, time, keys } = setup;
  const one = new Poller(500), other = new Poller(25);
  reports.add(remote(1), one);
  reports.add(remote(1), other);
  reports.start();
  time.tick(100);
  assert.equal(keys.length, 4);
  assert.deepEqual([one.times, other.times], [[25, 50, 75, 100], [25, 50, 75, 100]]);
  assert.deepEqual(one.taken[0].socket, { queued: 7, unsent: 3, roundTrip: 20 });
  reports.remove(remote(1), other);
  time.tick(525);
  assert.deepEqual(one.times.slice(4), [600]);
  assert.equal(one.taken.at(-1)!.socket.acknowledged, 100);
  reports.stop();
});

Deno.test("KernelReports rests while there is no session, and once it was stopped", () => {
  using setup = setUp();
  const { reports, time } = setup;
  const session = new Poller(25);
  assert.equal(time.timers, 0);
  reports.start();
  assert.equal(time.timers, 0);
  reports.add(remote(1), session);
  assert.equal(time.timers, 1);
  time.tick(50);
  reports.remove(remote(1), session);
  time.tick(50);
  assert.equal(time.timers, 0);
  reports.add(remote(1), session);
  time.tick(50);
  assert.deepEqual(session.times, [25, 50, 125, 150]);
  reports.stop();
  assert.equal(time.timers, 0);
  reports.add(remote(2), new Poller(25));
  assert.equal(time.timers, 0);
});

Deno.test("KernelReports has each connection prepared once, as soon as it is found", () => {
  const tried: string[] = [];
  const missing = new Set(["10.0.0.2 2"]);
  const prepareStream = (key: string) => {
    tried.push(key);
    return !missing.has(key);
  };
  using setup = setUp({ prepareStream });
  const { reports, time } = setup;
  const session = new Poller(Infinity);
  reports.add(remote(1), session);
  reports.add(remote(1), new Poller(25));
  reports.add(remote(2), session);
  assert.deepEqual(tried.splice(0), ["10.0.0.2 1", "10.0.0.2 2"]);
  reports.start();
  time.tick(50);
  assert.deepEqual(tried.splice(0), ["10.0.0.2 2", "10.0.0.2 2"]);
  missing.clear();
  time.tick(100);
  assert.deepEqual(tried, ["10.0.0.2 2"]);
  reports.stop();
});

for (const [sessions, takes] of [[400, 0.003], [1000, 0.003], [1000, 0.03]] as const) {
  const microseconds = takes * 1000;
  Deno.test(`KernelReports spends 2 % of the time at most on ${sessions} sessions of ${microseconds} µs`, () => {
    using setup = setUp({ takes });
    const { reports, time, keys } = setup;
    for (let i = 0; i < sessions; i++) reports.add(remote(i), new Poller(25));
    reports.start();
    // What one costs is known after a few.
    time.tick(20_000);
    keys.length = 0;
    time.tick(60_000);
    const share = keys.length * takes / 60_000;
    assert.ok(share > 0.017 && share <= 0.021, `${share}`);
    // Everyone gets as much.
    assert.equal(keys.filter((key) => key === "10.0.0.2 0").length, keys.length / sessions);
    reports.stop();
  });
}
