import assert from "node:assert/strict";
import fc from "fast-check";
import { Backlog } from "../../../src/consumers/session/backlog.ts";

/** Writes frame after frame of 1000 bytes, every 100 ms from 0 on, each captured 10 ms before. */
function writeFrames(backlog: Backlog, count: number, bytes = 1000): void {
  for (let i = 0; i < count; i++) {
    backlog.wrote({ sequence: i + 1, bytes, capturedAt: i * 100 - 10, at: i * 100 });
  }
}

Deno.test("Backlog takes a page's word for what has arrived", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 5);
  backlog.acknowledgePainted(2, 430);
  assert.equal(backlog.delay, 430 - 90);
  const arrival = backlog.arrival(440);
  assert.equal(arrival.evidence, "page");
  assert.equal(arrival.arrived, 2000);
  assert.equal(arrival.backlog, 3000);
  assert.equal(arrival.transit, 330);
  assert.equal(arrival.bytes, 1000);
  assert.equal(backlog.total, 5000);
});

Deno.test("Backlog ignores a page's report that is old, made up, or of another stream", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 5);
  backlog.acknowledgePainted(4, 450);
  const before = backlog.arrival(460);
  for (const sequence of [3, 99, -1, 0, NaN, 2.5]) backlog.acknowledgePainted(sequence, 455);
  assert.deepEqual(backlog.arrival(460), before);
  assert.equal(backlog.delay, 150 - 0 + 10);
});

Deno.test("Backlog lets no frame arrive before it was sent", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 2);
  backlog.acknowledgePainted(2, -5000);
  assert.equal(backlog.arrival(110).transit, 0);
  assert.equal(backlog.delay, 10);
});

Deno.test("Backlog says how long the oldest has waited, and longer when no report comes", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 10);
  backlog.acknowledgePainted(5, 900);
  const waiting = (now: number) => backlog.arrival(now).waiting;
  // Frame 6, of 500, was not painted by 900; nothing is known of the time since the next report is due.
  assert.equal(waiting(950), 400);
  assert.ok(waiting(1500) > 800 && waiting(1500) <= 1000, `${waiting(1500)}`);
  assert.ok(waiting(2000) > waiting(1500));
});

Deno.test("Backlog goes by arrivals where a page reports them, and by what was painted for the delay", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 5);
  backlog.acknowledgeArrival(4, 330, 400);
  backlog.acknowledgePainted(2, 390);
  const { arrived, transit } = backlog.arrival(410);
  assert.deepEqual([arrived, transit], [4000, 30]);
  assert.equal(backlog.delay, 300);
  // A slow device paints late, which says nothing of the link.
  backlog.acknowledgePainted(4, 900);
  assert.equal(backlog.arrival(910).transit, 30);
  assert.equal(backlog.delay, 610);
});

Deno.test("Backlog takes a page that reports late for busy, not for one of a slow link", () => {
  const waiting = (every: number) => {
    const backlog = new Backlog(true, 0);
    let at = 0, sequence = 0, reportedAt = 0;
    for (; at < 3000; at += 50) {
      backlog.wrote({ sequence: ++sequence, bytes: 1000, capturedAt: at, at });
      if (at % every !== 0) continue;
      backlog.acknowledgeArrival(sequence - 1, at - 30, at);
      reportedAt = at;
    }
    return backlog.arrival(reportedAt + every - 10).waiting;
  };
  assert.ok(waiting(400) <= waiting(100) + 50, `${waiting(400)} after ${waiting(100)}`);
});

Deno.test("Backlog ignores an arrival of what was not sent, or had arrived before", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 3);
  backlog.acknowledgeArrival(3, 250, 260);
  for (const sequence of [2, 99, NaN]) backlog.acknowledgeArrival(sequence, 270, 280);
  assert.deepEqual([backlog.arrival(290).arrived, backlog.arrival(290).transit], [3000, 50]);
});

Deno.test("Backlog knows of nothing under transit when all was painted", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 3);
  backlog.acknowledgePainted(3, 250);
  const { backlog: bytes, waiting } = backlog.arrival(5000);
  assert.deepEqual([bytes, waiting], [0, 0]);
});

Deno.test("Backlog expects no report of a picture that is sent again", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 3);
  backlog.acknowledgePainted(3, 250);
  for (let at = 1300; at < 6000; at += 1000) {
    backlog.wrote({ sequence: 3, bytes: 1000, capturedAt: at, at });
  }
  const { evidence, backlog: bytes, waiting } = backlog.arrival(6000);
  assert.deepEqual([evidence, bytes, waiting], ["page", 0, 0]);
  assert.equal(backlog.arrival(6000).arrived, backlog.total);
});

Deno.test("Backlog asks others when a page has fallen silent", () => {
  const backlog = new Backlog(true, 0);
  writeFrames(backlog, 40);
  backlog.acknowledgePainted(1, 60);
  backlog.pulled(3950);
  assert.equal(backlog.arrival(1000).evidence, "page");
  assert.equal(backlog.arrival(4000).evidence, "pull");
  backlog.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: 40_300 }, 4000);
  assert.equal(backlog.arrival(4000).evidence, "kernel");
  assert.equal(backlog.arrival(4000).backlog, 0);
});

Deno.test("Backlog believes the kernel, unless a page has it much later", () => {
  const backlog = new Backlog(true, 0);
  const frame = (sequence: number, at: number, paintedAt: number) => {
    backlog.wrote({ sequence, bytes: 1000, capturedAt: at, at });
    backlog.acknowledgeByKernel(
      { queued: 0, unsent: 0, acknowledged: 300 + 1000 * sequence },
      at + 10,
    );
    backlog.acknowledgePainted(sequence, paintedAt);
    return backlog.arrival(paintedAt).evidence;
  };
  assert.equal(frame(1, 0, 60), "kernel");
  assert.equal(frame(2, 100, 240), "kernel");
  // Once may be chance; again and again, a proxy has it long before.
  assert.equal(frame(3, 300, 480), "kernel");
  assert.equal(frame(4, 500, 560), "kernel");
  for (const [sequence, at] of [[5, 700], [6, 900]]) {
    assert.equal(frame(sequence, at, at + 180), "kernel");
  }
  assert.equal(frame(7, 1100, 1280), "page");
  assert.equal(frame(8, 60_000, 60_060), "page");
  assert.equal(frame(9, 61_500, 61_560), "kernel");
});

Deno.test("Backlog reads what arrived off what the kernel counts, whatever else it counted", () => {
  for (const head of [0, 300, 1_000_000]) {
    const backlog = new Backlog(false, 0);
    writeFrames(backlog, 1);
    backlog.pulled(5);
    backlog.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: head + 1000 }, 90);
    writeFrames(backlog, 0);
    backlog.wrote({ sequence: 2, bytes: 5000, capturedAt: 95, at: 100 });
    backlog.acknowledgeByKernel({ queued: 4000, unsent: 0, acknowledged: head + 2000 }, 150);
    const { evidence, arrived, backlog: bytes, waiting } = backlog.arrival(160);
    assert.deepEqual([evidence, arrived, bytes, waiting], ["kernel", 2000, 4000, 50]);
  }
});

Deno.test("Backlog takes nothing for arrived that never reached the kernel", () => {
  const backlog = new Backlog(false, 0);
  backlog.wrote({ sequence: 1, bytes: 100_000, capturedAt: 0, at: 0 });
  // Only the half of it is in the kernel, and a part of that was acknowledged.
  backlog.acknowledgeByKernel({ queued: 30_000, unsent: 0, acknowledged: 20_300 }, 50);
  backlog.acknowledgeByKernel({ queued: 60_000, unsent: 0, acknowledged: 40_300 }, 150);
  assert.ok(backlog.arrival(160).arrived <= 40_300);
  assert.ok(backlog.arrival(160).backlog >= 59_700);
});

Deno.test("Backlog does with the queue alone where an old kernel reports no more", () => {
  const backlog = new Backlog(false, 0);
  writeFrames(backlog, 4);
  backlog.pulled(310);
  backlog.acknowledgeByKernel({ queued: 1500, unsent: 0 }, 320);
  const { evidence, arrived, backlog: bytes } = backlog.arrival(330);
  assert.deepEqual([evidence, arrived, bytes], ["kernel", 2500, 1500]);
});

Deno.test("Backlog knows the delay by the kernel: from the camera on, with half the round trip", () => {
  const backlog = new Backlog(false, 0);
  writeFrames(backlog, 2);
  backlog.pulled(105);
  backlog.acknowledgeByKernel(
    { queued: 0, unsent: 0, acknowledged: 2300, roundTrip: 30 },
    190,
  );
  assert.equal(backlog.delay, 10 + 15);
  writeFrames(backlog, 0);
  backlog.wrote({ sequence: 3, bytes: 1000, capturedAt: 190, at: 200 });
  backlog.acknowledgeByKernel(
    { queued: 1000, unsent: 0, acknowledged: 2300, roundTrip: 30 },
    800,
  );
  assert.equal(backlog.delay, 610);
});

Deno.test("Backlog knows how long packets queue: a round trip without the shortest one", () => {
  const backlog = new Backlog(false, 0);
  writeFrames(backlog, 1);
  backlog.acknowledgeByKernel(
    { queued: 0, unsent: 0, acknowledged: 1300, roundTrip: 30, shortestRoundTrip: 8 },
    90,
  );
  assert.equal(backlog.queueTime, 22);
});

Deno.test("Backlog does not trust an old report of the kernel", () => {
  const backlog = new Backlog(false, 0);
  writeFrames(backlog, 1);
  backlog.acknowledgeByKernel({ queued: 1000, unsent: 0, acknowledged: 0 }, 100);
  backlog.pulled(200);
  assert.equal(backlog.arrival(1000).evidence, "kernel");
  assert.equal(backlog.arrival(20_000).evidence, "pull");
});

Deno.test("Backlog goes by how long the body stream waits where nothing else reports", () => {
  const backlog = new Backlog(false, 0);
  backlog.wrote({ sequence: 1, bytes: 1000, capturedAt: 0, at: 0 });
  assert.equal(backlog.stuckFor(400), 400);
  let arrival = backlog.arrival(400);
  assert.deepEqual([arrival.evidence, arrival.backlog, arrival.waiting], ["pull", 1000, 400]);
  backlog.pulled(450);
  assert.equal(backlog.stuckFor(500), 0);
  arrival = backlog.arrival(500);
  assert.deepEqual([arrival.backlog, arrival.arrived], [0, 1000]);
  // The next one is to be expected to wait as long.
  assert.equal(arrival.waiting, 450);
});

Deno.test("Backlog has proof once a whole part is known to have arrived", () => {
  const page = new Backlog(true, 0);
  writeFrames(page, 2);
  page.pulled(150);
  assert.equal(page.hasProof, false);
  page.acknowledgePainted(1, 160);
  assert.equal(page.hasProof, true);
  const kernel = new Backlog(false, 0);
  writeFrames(kernel, 2);
  kernel.acknowledgeByKernel({ queued: 1500, unsent: 0, acknowledged: 500 }, 110);
  assert.equal(kernel.hasProof, false);
  kernel.acknowledgeByKernel({ queued: 500, unsent: 0, acknowledged: 1500 }, 210);
  assert.equal(kernel.hasProof, true);
});

Deno.test("Backlog knows no delay before anything arrived", () => {
  for (const reports of [true, false]) {
    const backlog = new Backlog(reports, 0);
    assert.equal(backlog.delay, null);
    assert.equal(backlog.queueTime, 0);
    const { backlog: bytes, waiting, arrived } = backlog.arrival(10);
    assert.deepEqual([bytes, waiting, arrived], [0, 0, 0]);
  }
});

/** What may happen to a connection, in any order. */
const event = fc.oneof(
  fc.record({ kind: fc.constant("wrote" as const), bytes: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ kind: fc.constant("repeated" as const) }),
  fc.record({ kind: fc.constant("painted" as const), back: fc.nat(8), ago: fc.nat(300) }),
  fc.record({
    kind: fc.constant("asked" as const),
    queued: fc.nat(200_000),
    unsent: fc.constant(0),
    acknowledged: fc.option(fc.nat(5_000_000), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("pulled" as const) }),
);

Deno.test("Backlog takes what is in the HTTP library for under way, though the kernel has sent all", () => {
  const backlog = new Backlog(false, 0);
  writeFrames(backlog, 1);
  backlog.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: 1300 }, 50);
  backlog.wrote({ sequence: 2, bytes: 4000, capturedAt: 55, at: 60 });
  backlog.pulled(70);
  backlog.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: 2300 }, 150);
  assert.equal(backlog.arrival(160).arrived, 2000);
  assert.equal(backlog.arrival(160).backlog, 3000);
  backlog.acknowledgeByKernel({ queued: 0, unsent: 0, acknowledged: 5300 }, 200);
  assert.equal(backlog.arrival(210).arrived, 5000);
});

Deno.test("Backlog stays within what was written, and what arrived never goes back", () => {
  const events = fc.array(fc.tuple(fc.nat(700), event), { maxLength: 80 });
  fc.assert(fc.property(fc.boolean(), events, (reports, events) => {
    const backlog = new Backlog(reports, 0);
    const arrived = new Map<string, number>();
    let at = 0, sequence = 0;
    for (const [pause, event] of events) {
      at += pause;
      if (event.kind === "wrote") {
        backlog.wrote({ sequence: ++sequence, bytes: event.bytes, capturedAt: at - 5, at });
      } else if (event.kind === "repeated") {
        backlog.wrote({ sequence, bytes: 700, capturedAt: at, at });
      } else if (event.kind === "painted") {
        backlog.acknowledgePainted(sequence - event.back, at - event.ago);
      } else if (event.kind === "asked") backlog.acknowledgeByKernel(event, at);
      else backlog.pulled(at);
      const now = backlog.arrival(at);
      assert.ok(now.backlog >= 0 && now.backlog <= backlog.total);
      assert.ok(now.arrived <= backlog.total);
      assert.ok(now.waiting >= 0 && now.waiting <= at);
      assert.ok(now.arrived >= (arrived.get(now.evidence) ?? -Infinity));
      arrived.set(now.evidence, now.arrived);
      assert.ok(backlog.delay === null || backlog.delay >= 0);
    }
  }));
});
