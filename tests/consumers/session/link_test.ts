import assert from "node:assert/strict";
import fc from "fast-check";
import type { Arrival, Evidence } from "../../../src/consumers/session/backlog.ts";
import { Link } from "../../../src/consumers/session/link.ts";

interface Observed {
  readonly link: Link;
  /** Bits a second that are sent. */
  readonly sent: number;
  /** Bits a second that come through at most. */
  readonly carried: number;
  readonly from?: number;
  readonly to: number;
  readonly evidence?: Evidence;
  /** How long a byte takes without a queue. Milliseconds. */
  readonly transit?: number;
}

/** Shows a link what arrives, every 100 ms, while so much is sent over it. */
function observe(
  { link, sent, carried, from = 0, to, evidence = "kernel", transit = 10 }: Observed,
) {
  const start = startOf(link);
  for (let at = from; at <= to; at += 100) {
    const total = start + sent / 8000 * (at - from);
    const arrived = start + Math.min(sent, carried) / 8000 * (at - from);
    const backlog = total - arrived;
    const waiting = backlog > 0 ? (total - arrived) * 8000 / sent + transit : 0;
    link.observe({ evidence, at, arrived, backlog, waiting, transit, bytes: 0 });
    last.set(link, arrived);
  }
}

const last = new WeakMap<Link, number>();
const startOf = (link: Link) => last.get(link) ?? 0;

const arrivalAt = (at: number, more: Partial<Arrival> = {}): Arrival => ({
  evidence: "kernel",
  at,
  arrived: 0,
  backlog: 0,
  waiting: 0,
  transit: 10,
  bytes: 0,
  ...more,
});

Deno.test("Link has no limit while nothing queues up, however little is sent", () => {
  const link = new Link();
  observe({ link, sent: 200_000, carried: Infinity, to: 10_000 });
  assert.equal(link.capacity, Infinity);
  assert.equal(link.queueing, 0);
  assert.equal(link.backlogAt(10_100, startOf(link)), 0);
});

Deno.test("Link learns what it carries from what arrives while a queue lasts", () => {
  fc.assert(fc.property(
    fc.double({ min: 0.5, max: 100, noNaN: true }),
    fc.double({ min: 1.2, max: 20, noNaN: true }),
    fc.constantFrom<Evidence>("page", "kernel", "pull"),
    (megabits, times, evidence) => {
      const link = new Link(), carried = megabits * 1e6;
      observe({ link, sent: carried * times, carried, to: 1500, evidence });
      assert.ok(Math.abs(link.capacity / carried - 1) < 0.02, `${link.capacity}`);
      assert.ok(link.isQueued);
    },
  ));
});

Deno.test("Link keeps its limit through idle times and small frames", () => {
  const link = new Link();
  observe({ link, sent: 8e6, carried: 5e6, to: 2000 });
  const { capacity } = link;
  observe({ link, sent: 100_000, carried: 5e6, from: 2100, to: 12_000 });
  assert.equal(link.capacity, capacity);
});

Deno.test("Link follows a fall within half a second, and a rise as soon as more arrives", () => {
  const link = new Link();
  observe({ link, sent: 12e6, carried: 10e6, to: 1500 });
  observe({ link, sent: 12e6, carried: 2e6, from: 1600, to: 2400 });
  assert.ok(link.capacity < 3.5e6, `${link.capacity}`);
  observe({ link, sent: 6e6, carried: Infinity, from: 2500, to: 3500 });
  assert.ok(link.capacity >= 5.5e6, `${link.capacity}`);
});

Deno.test("Link expects what was written to arrive at the rate it carries", () => {
  const link = new Link();
  observe({ link, sent: 16e6, carried: 8e6, to: 1000 });
  const total = startOf(link) + 500_000;
  assert.ok(Math.abs(link.backlogAt(1000, total) - 500_000) < 1);
  assert.ok(Math.abs(link.backlogAt(1100, total) - 400_000) < 5000);
  assert.equal(link.backlogAt(60_000, total), 0);
});

Deno.test("Link takes a long base delay for no queue", () => {
  const link = new Link();
  for (let at = 0; at <= 5000; at += 100) {
    link.observe(arrivalAt(at, { arrived: at * 100, backlog: 20_000, waiting: 190, transit: 200 }));
  }
  assert.ok(link.baseDelay >= 150, `${link.baseDelay}`);
  assert.ok(link.queueing < 50, `${link.queueing}`);
});

Deno.test("Link takes no queue for a long transit, however long it lasts", () => {
  const link = new Link();
  for (let at = 0; at <= 60_000; at += 100) {
    link.observe(arrivalAt(at, {
      evidence: "page",
      arrived: at * 100,
      backlog: 200_000,
      waiting: 2000,
      transit: 2000,
      bytes: 3000,
    }));
  }
  assert.ok(link.queueing > 1500, `${link.queueing}`);
  assert.ok(Math.abs(link.capacity / 800_000 - 1) < 0.05, `${link.capacity}`);
});

Deno.test("Link presumes what is tried out until a queue speaks against it", () => {
  const link = new Link();
  observe({ link, sent: 6e6, carried: 5e6, to: 1500 });
  observe({ link, sent: 2e6, carried: 5e6, from: 1600, to: 2500 });
  link.presume(9e6);
  assert.equal(link.pace, 9e6);
  link.observe(arrivalAt(2600, { arrived: startOf(link) + 10_000, backlog: 9000, waiting: 200 }));
  assert.equal(link.pace, link.capacity);
  link.presume(0);
  link.raise(7e6);
  assert.equal(link.capacity, 7e6);
  link.raise(1e6);
  assert.equal(link.capacity, 7e6);
});

Deno.test("Link settles for what arrived lately when there was no room for more", () => {
  const link = new Link();
  link.settle();
  assert.equal(link.capacity, Infinity);
  observe({ link, sent: 3e6, carried: Infinity, to: 1000 });
  link.settle();
  assert.ok(Math.abs(link.capacity / 3e6 - 1) < 0.02, `${link.capacity}`);
});

Deno.test("Link begins anew when other evidence says what has arrived", () => {
  const link = new Link();
  observe({ link, sent: 5e6, carried: Infinity, to: 1000, evidence: "page" });
  // The kernel counts from elsewhere: nothing is to be learned from the difference.
  link.observe(arrivalAt(1100, { arrived: 50, backlog: 9000, waiting: 300 }));
  link.observe(arrivalAt(1150, { arrived: 60, backlog: 9000, waiting: 350 }));
  assert.equal(link.capacity, Infinity);
  assert.equal(link.seesQueues, true);
  link.observe(arrivalAt(1200, { evidence: "pull", arrived: 60 }));
  assert.equal(link.seesQueues, false);
});

Deno.test("Link ignores knowledge that is no newer, but for how long it waits by now", () => {
  const link = new Link();
  observe({ link, sent: 8e6, carried: 4e6, to: 1000 });
  const { capacity } = link;
  link.observe(arrivalAt(900, { arrived: 9e9, backlog: 1, waiting: 700 }));
  assert.equal(link.capacity, capacity);
  assert.equal(link.queueing, 690);
});

Deno.test("Link finds the base delay again after nothing arrived for a while", () => {
  for (const evidence of ["page", "kernel", "pull"] as const) {
    const link = new Link();
    for (let at = 0; at <= 3000; at += 50) {
      const waiting = Math.min(at, 2500);
      link.observe(arrivalAt(at, { evidence, backlog: 60_000, waiting, transit: 40 }));
    }
    assert.equal(link.capacity, 0);
    assert.ok(Number.isFinite(link.baseDelay) && Number.isFinite(link.queueing));
    for (let at = 3050; at <= 5000; at += 50) {
      const arrived = (at - 3000) * 500;
      link.observe(
        arrivalAt(at, { evidence, arrived, backlog: 20_000, waiting: 200, transit: 40 }),
      );
    }
    assert.ok(link.capacity > 3.5e6, `${link.capacity}`);
  }
});

Deno.test("Link never gives anything but a number, whatever it is shown", () => {
  const arrival = fc.record({
    evidence: fc.constantFrom<Evidence>("page", "kernel", "pull"),
    pause: fc.nat(900),
    more: fc.nat(200_000),
    backlog: fc.nat(500_000),
    waiting: fc.nat(3000),
    transit: fc.oneof(fc.constant(Infinity), fc.nat(2000)),
    bytes: fc.nat(60_000),
  });
  fc.assert(fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
    const link = new Link();
    let at = 0, arrived = 0;
    for (const { pause, more, ...rest } of arrivals) {
      link.observe({ ...rest, at: at += pause, arrived: arrived += more });
      assert.ok(link.capacity >= 0, `${link.capacity}`);
      assert.ok(link.queueing >= 0 && link.baseDelay >= 0 && link.baseDelay <= 300);
      assert.ok(link.backlogAt(at + 10, arrived + rest.backlog) >= 0);
    }
  }));
});
