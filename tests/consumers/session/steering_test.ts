import assert from "node:assert/strict";
import fc from "fast-check";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { Steering } from "../../../src/consumers/session/steering.ts";
import { Probes } from "../../../src/consumers/session/probes.ts";
import { SOURCE } from "../../../src/media/rendition.ts";

const BYTES = 60_000;
/** Bits a second of the source. */
const NEED = BYTES * 8 * 30;

function steer(reports: boolean, isPolled = !reports): Steering {
  const ladder = new Ladder();
  ladder.measured(SOURCE, BYTES, 0);
  return new Steering({ ladder, probes: new Probes(), reports, isPolled, at: 0 });
}

/** Returns how long to wait by what is known at that time. */
function waitFor(steering: Steering, at: number): number {
  steering.observe(at);
  return steering.waitFor(at);
}

/** Sends a frame. */
function write(
  steering: Steering,
  sequence: number,
  at: number,
  bytes = BYTES,
  allowance = Infinity,
) {
  steering.wrote({ sequence, bytes, capturedAt: at - 5, at }, allowance);
}

/** Sends 30 frames a second and lets the kernel report every 100 ms what a link made of them. */
function run(steering: Steering, from: number, to: number, capacity: number, queueTime = 0) {
  const bounds = { ceiling: SOURCE, fps: 30, allowance: Infinity };
  let sequence = from, through = steering.written;
  for (let at = from; at < to; at += 10) {
    through = Math.min(steering.written, through + capacity / 800);
    if (at % 100 === 0) {
      const queued = Math.round(steering.written - through);
      const acknowledged = steering.written - queued;
      const socket = {
        queued,
        unsent: 0,
        acknowledged,
        roundTrip: 2 + queueTime,
        shortestRoundTrip: 2,
      };
      steering.acknowledgeByKernel(socket, at);
    }
    if (at % 30 !== 0) continue;
    steering.decide(at, bounds);
    if (waitFor(steering, at) > 0) steering.offered(at, true);
    else {
      steering.offered(at, false);
      write(steering, ++sequence, at);
      steering.pulled(at);
    }
  }
}

Deno.test("Steering sends the first part at once, and the second when the first has arrived", () => {
  const steering = steer(true);
  assert.equal(waitFor(steering, 0), 0);
  write(steering, 1, 0);
  steering.pulled(5);
  assert.ok(waitFor(steering, 33) > 0);
  steering.acknowledgePage({ painted: { sequence: 1, at: 60 } }, 60);
  assert.equal(waitFor(steering, 70), 0);
});

Deno.test("Steering waits for proof of the first part a second at most, a silent page's a while longer", () => {
  for (const [reports, longest] of [[false, 1000], [true, 2700]] as const) {
    const steering = steer(reports);
    write(steering, 1, 0);
    steering.pulled(5);
    for (let at = 33; at < 990; at += 33) assert.ok(waitFor(steering, at) > 0, `${at}`);
    assert.equal(waitFor(steering, longest + 33), 0);
  }
});

Deno.test("Steering waits for no proof where nothing will report", () => {
  const steering = steer(false, false);
  write(steering, 1, 0);
  steering.pulled(5);
  assert.equal(waitFor(steering, 33), 0);
});

Deno.test("Steering does not hold the wait for that proof against the link", () => {
  const steering = steer(false);
  const bounds = { ceiling: SOURCE, fps: 30, allowance: Infinity };
  write(steering, 1, 0);
  steering.pulled(5);
  for (let at = 33; at < 1000; at += 33) {
    steering.offered(at, true);
    steering.decide(at, bounds);
  }
  assert.deepEqual(steering.decide(1010, bounds), SOURCE);
  assert.equal(steering.course.obstacle, null);
});

Deno.test("Steering holds a frame back while more is under way than the link carries in time", () => {
  const steering = steer(false);
  run(steering, 0, 3000, 4e6);
  const before = steering.written;
  for (let i = 1; i <= 3; i++) write(steering, 90_000 + i, 3000);
  const wait = waitFor(steering, 3001);
  assert.ok(wait > 50 && wait <= 1000, `${wait}`);
  assert.equal(steering.written - before, 3 * BYTES);
  // 180 kB are through after 360 ms, and some may be under way.
  assert.equal(waitFor(steering, 3500), 0);
});

Deno.test("Steering lowers what is sent over a slow link, and says why", () => {
  const steering = steer(false);
  run(steering, 0, 2000, 3e6);
  assert.equal(steering.course.obstacle, "link");
  assert.ok(steering.course.changes >= 1);
  assert.ok(steering.demand({ ceiling: SOURCE, fps: 30, allowance: Infinity }) < NEED);
});

Deno.test("Steering leaves room for the sound behind a frame that may be under way", () => {
  const steering = steer(false), bytes = 7500;
  run(steering, 0, 2000, 1e6);
  steering.reserve(80_000);
  steering.acknowledgeByKernel({
    queued: 0,
    unsent: 0,
    acknowledged: steering.written,
    roundTrip: 2,
    shortestRoundTrip: 2,
  }, 4000);
  assert.equal(waitFor(steering, 4000), 0);
  write(steering, 10_000, 4000, bytes);
  // Nothing is known to be on the link, as of before the frame. It takes the link 60 ms.
  const wait = waitFor(steering, 4030);
  assert.ok(wait > 10 && wait < 40, `${wait} ms`);
});

Deno.test("Steering spends an allowance no more than a quarter of a second ahead", () => {
  const allowance = fc.integer({ min: 300_000, max: 50_000_000 });
  fc.assert(
    fc.property(allowance, fc.array(fc.integer({ min: 1000, max: 90_000 }), { minLength: 30 }), (
      allowance,
      sizes,
    ) => {
      const steering = steer(false);
      let at = 0, spent = 0;
      sizes.forEach((bytes, i) => {
        steering.acknowledgeByKernel(
          { queued: 0, unsent: 0, acknowledged: steering.written },
          at,
        );
        at += waitFor(steering, at);
        assert.equal(waitFor(steering, at), 0);
        assert.ok(spent <= allowance / 8000 * (at + 251), `${spent} by ${at}`);
        write(steering, i + 1, at, bytes, allowance);
        steering.pulled(at);
        spent += bytes;
      });
    }),
  );
});

Deno.test("Steering polls the kernel often while a link is new or narrow, seldom while it is wide", () => {
  const steering = steer(false);
  write(steering, 1, 0);
  steering.pulled(1);
  assert.equal(steering.pollEvery(10, NEED), 50);
  const wide = steer(false);
  run(wide, 0, 4000, 1e9);
  assert.equal(wide.pollEvery(4000, NEED), 250);
  const narrow = steer(false);
  run(narrow, 0, 4000, 1e9, 10);
  assert.equal(narrow.pollEvery(4000, NEED), 50);
  const known = steer(false);
  run(known, 0, 4000, 0.5 * NEED);
  assert.equal(known.pollEvery(4000, NEED), 50);
  // What the kernel does not take waits for something.
  write(wide, 99_999, 4010);
  assert.equal(wide.pollEvery(4200, NEED), 50);
});

Deno.test("Steering counts how long nothing arrives, only while something is under way", () => {
  for (const evidence of ["page", "kernel", "pull"] as const) {
    const steering = steer(evidence === "page");
    const arrives = (sequence: number, at: number) => {
      const { written } = steering;
      if (evidence === "page") {
        steering.acknowledgePage({ painted: { sequence: sequence, at: at } }, at);
      }
      if (evidence === "kernel") {
        steering.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: written }, at);
      }
      steering.pulled(at);
    };
    write(steering, 1, 0);
    arrives(1, 50);
    assert.equal(steering.stalledFor(60), 0);
    // A camera that gives nothing is no stall.
    assert.equal(steering.stalledFor(30_000), 0, evidence);
    steering.observe(30_000);
    write(steering, 2, 30_000);
    for (let at = 30_000; at <= 42_000; at += 500) {
      if (evidence === "kernel") {
        steering.acknowledgeByKernel(
          { queued: BYTES, unsent: 0, acknowledged: BYTES },
          at,
        );
      }
      steering.observe(at);
    }
    const stalled = steering.stalledFor(42_000);
    assert.ok(stalled >= 10_000 && stalled <= 12_000, `${evidence}: ${stalled}`);
    arrives(2, 42_010);
    assert.equal(steering.stalledFor(42_020), 0, evidence);
  }
});

Deno.test("Steering knows the delay from the camera to the viewer", () => {
  const steering = steer(true);
  assert.equal(steering.course.delay, null);
  write(steering, 1, 100);
  steering.acknowledgePage({ painted: { sequence: 1, at: 140 } }, 140);
  assert.equal(steering.course.delay, 45);
});
