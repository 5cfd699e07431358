import assert from "node:assert/strict";
import { ReceiveWindow } from "../../../src/consumers/session/receive_window.ts";
import type { SocketStatistics } from "../../../src/net/socket_statistics.ts";

/** What is unread, and how much the reader is to blame, after these reports 100 ms apart. */
function after(...reports: readonly Omit<SocketStatistics, "unsent">[]): readonly [number, number] {
  const window = new ReceiveWindow();
  for (const [i, report] of reports.entries()) window.observe({ ...report, unsent: 0 }, i * 100);
  return [window.unread, window.blame];
}

Deno.test("ReceiveWindow counts what the reader has left, by the largest window of late", () => {
  const open = { queued: 0, window: 200_000 };
  assert.deepEqual(after(open), [0, 0]);
  assert.deepEqual(after(open, { queued: 0, window: 120_000 }), [80_000, 1]);
  // A larger one makes more of the same window unread.
  const larger = { queued: 0, window: 300_000 };
  assert.deepEqual(after(open, larger, { queued: 0, window: 120_000 }), [180_000, 1]);
  // What has just come is read in a moment.
  assert.deepEqual(after(open, { queued: 0, window: 160_000 }), [40_000, 0]);
});

Deno.test("ReceiveWindow blames the reader for a window that is closed", () => {
  const closed = { queued: 500_000, window: 0, windowClosed: 100 };
  assert.deepEqual(after({ queued: 0, window: 64_000 }, closed), [64_000, 1]);
});

Deno.test("ReceiveWindow is closed while it is reported to be 0", () => {
  const window = new ReceiveWindow();
  for (const [i, size] of [64_000, 0, 1].entries()) {
    window.observe({ queued: 9, unsent: 0, window: size }, i * 100);
    assert.equal(window.isClosed, size === 0);
    assert.equal(window.isReported, true);
  }
});

Deno.test("ReceiveWindow knows of nothing unread once it is no longer reported", () => {
  const window = new ReceiveWindow();
  window.observe({ queued: 9, unsent: 0, window: 64_000 }, 0);
  window.observe({ queued: 9, unsent: 0, window: 0 }, 100);
  assert.equal(window.unread, 64_000);
  window.observe({ queued: 9, unsent: 0 }, 200);
  assert.deepEqual([window.unread, window.isClosed, window.isReported], [0, false, false]);
});

Deno.test("ReceiveWindow blames the link for what is under way while the window is open", () => {
  const open = { queued: 0, window: 200_000 };
  assert.deepEqual(after(open, { queued: 150_000, window: 190_000 }), [10_000, 0]);
  assert.deepEqual(after(open, { queued: 150_000, window: 90_000 }), [110_000, 0]);
  assert.deepEqual(after(open, { queued: 150_000, window: 90_000, windowClosed: 60 }), [
    110_000,
    0.6,
  ]);
});

Deno.test("ReceiveWindow forgets a window that has become smaller for good, while nothing waits", () => {
  const open = { queued: 0, window: 1_000_000 };
  const small = (queued: number) =>
    Array.from({ length: 400 }, () => ({ queued, window: 200_000 }));
  assert.deepEqual(after(open, ...small(0)), [0, 0]);
  assert.equal(after(open, ...small(1))[0], 800_000);
});

Deno.test("ReceiveWindow goes by how long it was closed where its size is not reported", () => {
  assert.deepEqual(after({ queued: 0 }), [0, 0]);
  assert.deepEqual(
    after({ queued: 0 }, { queued: 90_000, windowClosed: 60 }),
    [0, 0.6],
  );
  const later = { queued: 90_000, windowClosed: 70 };
  assert.deepEqual(
    after({ queued: 0 }, { queued: 90_000, windowClosed: 60 }, later),
    [0, 0.1],
  );
});
