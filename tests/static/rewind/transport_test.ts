import assert from "node:assert/strict";
import type { ClientMessage } from "../../../src/live_messages.ts";
import { Transport } from "../../../static/js/rewind/transport.js";
import { FakeTime } from "../../support/fake_time.ts";

/** The server's clock is ahead of the device's by so much. */
const AHEAD = 1_000_000;

/** A transport whose stream and socket note what it does. */
function setUp(time: FakeTime, { paused = false } = {}) {
  const done: string[] = [];
  let query: (() => string) | null = null;
  let endPast = () => {};
  let isPaused = paused;
  let isConnected = true;
  const connect = () => done.push(`open ${query?.() ?? "live"}`);
  const playback = {
    stream: "s",
    get paused() {
      return isPaused;
    },
    set paused(paused) {
      if (paused === isPaused) return;
      isPaused = paused;
      if (paused) done.push("close");
      else connect();
    },
    show(wanted: (() => string) | null) {
      query = wanted;
      if (!isPaused) connect();
    },
    onPastEnd: (act: () => void) => void (endPast = act),
  };
  const transport = new Transport({
    playback,
    send(message: ClientMessage) {
      if (!isConnected) return false;
      const { type: _, stream: __, ...change } = message as ClientMessage & { stream: string };
      done.push(JSON.stringify(change));
      return true;
    },
    now: () => AHEAD + time.now,
    onChange: (change) => change === "jump" && done.push("jump"),
    onNotice: (notice) => done.push(`notice ${notice}`),
    clock: { wall: () => time.now },
  });
  transport.follow({ since: AHEAD, seconds: 60 });
  return {
    transport,
    connect,
    /** A frame is painted that was captured so long before now. */
    paint: (behind = 0) => transport.painted({ at: AHEAD + time.now - behind }),
    endPast: () => endPast(),
    disconnect: () => isConnected = false,
    /** What has been done since the last call. */
    done: () => done.splice(0),
    /** How far behind live it is. */
    behind: () => AHEAD + time.now - transport.at,
  };
}

Deno.test("going back opens the past, and further jumps steer the same connection", () => {
  using time = new FakeTime();
  const { transport, paint, done, behind } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-10_000);
  assert.deepEqual(done(), ["open &at=1020000&speed=1", "jump"]);
  assert.ok(transport.isPast);
  paint(10_000);
  transport.move(-5000);
  assert.deepEqual(done(), ['{"at":1015000,"speed":1}', "jump"]);
  // Frames that were on their way do not move the knob back.
  paint(10_000);
  assert.equal(behind(), 15_000);
  time.tick(200);
  paint(15_000);
  assert.equal(behind(), 15_000);
});

Deno.test("jumps while the past is being opened are made up for once its first frame has come", () => {
  using time = new FakeTime();
  const { transport, paint, done, behind } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-5000);
  transport.move(-5000);
  transport.move(-5000);
  assert.deepEqual(done(), ["open &at=1025000&speed=1", "jump", "jump", "jump"]);
  paint(5000);
  assert.deepEqual(done(), ['{"at":1015000,"speed":1}']);
  assert.equal(behind(), 15_000);
});

Deno.test("nobody goes further back than is kept, and the newest is live", () => {
  using time = new FakeTime();
  const { transport, paint, done, behind } = setUp(time);
  time.tick(90_000);
  paint();
  transport.move(-1000);
  assert.deepEqual(done(), []);
  transport.seek(0);
  assert.equal(behind(), 60_000);
  paint(60_000);
  done();
  transport.seek(transport.range.to);
  assert.deepEqual(done(), ["jump", "open live"]);
  assert.ok(!transport.isPast);
});

Deno.test("a pause closes the connection, and the viewer goes on from there", () => {
  using time = new FakeTime();
  const { transport, paint, done, behind } = setUp(time);
  time.tick(30_000);
  paint();
  transport.togglePause();
  assert.deepEqual(done(), ["close"]);
  time.tick(20_000);
  assert.equal(behind(), 20_000);
  assert.equal(time.timers, 0);
  transport.togglePause();
  assert.deepEqual(done(), ["open &at=1030000&speed=1", "jump"]);
  assert.ok(transport.isPast && !transport.paused);
});

Deno.test("who paused for longer than is kept goes on from the oldest frame, and is told", () => {
  using time = new FakeTime();
  const { transport, paint, done, behind } = setUp(time);
  time.tick(30_000);
  paint();
  transport.togglePause();
  time.tick(100_000);
  done();
  transport.togglePause();
  assert.deepEqual(done(), ["notice gone", "open &at=1070000&speed=1", "jump"]);
  assert.equal(behind(), 60_000);
});

Deno.test("a short pause, and one from before there was a past, go on live", () => {
  using time = new FakeTime();
  const short = setUp(time);
  time.tick(30_000);
  short.paint();
  short.transport.togglePause();
  time.tick(1000);
  short.done();
  short.transport.togglePause();
  assert.deepEqual(short.done(), ["jump", "open live"]);
  const early = setUp(time, { paused: true });
  assert.ok(early.transport.paused);
  early.transport.togglePause();
  assert.deepEqual(early.done(), ["jump", "open live"]);
});

Deno.test("steps pause and open the past, which closes when no more are wanted", () => {
  using time = new FakeTime();
  const { transport, paint, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.step(-1);
  transport.step(-1);
  assert.deepEqual(done(), ["open &at=1030000&speed=0"]);
  paint();
  assert.deepEqual(done(), ['{"step":-1}', '{"step":-1}']);
  time.tick(4000);
  transport.step(1);
  assert.deepEqual(done(), ['{"step":1}']);
  time.tick(5000);
  assert.deepEqual(done(), ["close"]);
  transport.step(1);
  assert.deepEqual(done(), ["open &at=1030000&speed=0"]);
  assert.ok(transport.paused);
});

Deno.test("who plays on soon after a step is not interrupted", () => {
  using time = new FakeTime();
  const { transport, paint, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.seek(1_010_000);
  paint(1_010_000);
  transport.step(-1);
  done();
  time.tick(2000);
  transport.togglePause();
  done();
  time.tick(10_000);
  assert.deepEqual(done(), []);
});

Deno.test("slower than live is the past, and faster is not possible", () => {
  using time = new FakeTime();
  const { transport, paint, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.changeSpeed(1);
  assert.deepEqual(done(), []);
  transport.changeSpeed(-1);
  assert.deepEqual(done(), ["open &at=1030000&speed=0.5", "jump"]);
  paint();
  transport.cycleSpeed();
  transport.changeSpeed(-1);
  assert.deepEqual(done(), ['{"speed":0.25}']);
  transport.cycleSpeed();
  assert.deepEqual(done(), ['{"speed":1}']);
});

Deno.test("a viewer who has caught up is live again", () => {
  using time = new FakeTime();
  const { transport, paint, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-5000);
  paint(5000);
  done();
  // Nothing was kept in between.
  time.tick(2000);
  paint(300);
  assert.deepEqual(done(), ["jump", "open live"]);
});

Deno.test("off air, a viewer who has seen all that is kept is live again", () => {
  using time = new FakeTime();
  const { transport, paint, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-5000);
  paint(5000);
  transport.follow({ since: AHEAD, seconds: 60 }, false);
  done();
  time.tick(2000);
  paint(7000);
  time.tick(500);
  transport.tick();
  assert.deepEqual(done(), []);
  // The last frame, again.
  time.tick(1000);
  paint(8500);
  transport.tick();
  assert.deepEqual(done(), ["jump", "open live"]);
});

Deno.test("without a past any more, viewers of the past are live again, and are told once", () => {
  using time = new FakeTime();
  const first = setUp(time);
  time.tick(30_000);
  first.paint();
  first.transport.move(-5000);
  first.done();
  first.transport.follow(null);
  assert.deepEqual(first.done(), ["jump", "open live", "notice off"]);
  first.transport.move(-5000);
  first.transport.step(1);
  first.transport.setSpeed(0.5);
  assert.deepEqual(first.done(), []);

  const second = setUp(time);
  second.paint();
  second.transport.move(-5000);
  second.done();
  second.endPast();
  // The connection is made anew by who found out.
  assert.deepEqual(second.done(), ["jump", "notice off"]);
  second.transport.follow(null);
  assert.deepEqual(second.done(), []);
});

Deno.test("a connection made anew goes on where it was lost", () => {
  using time = new FakeTime();
  const { transport, paint, connect, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-20_000);
  paint(20_000);
  time.tick(5000);
  paint(20_000);
  done();
  connect();
  assert.deepEqual(done(), ["open &at=1015000&speed=1"]);
});

Deno.test("without a page socket, a jump opens the past anew", () => {
  using time = new FakeTime();
  const { transport, paint, disconnect, done } = setUp(time);
  time.tick(30_000);
  paint();
  transport.move(-5000);
  paint(5000);
  done();
  disconnect();
  transport.move(-5000);
  assert.deepEqual(done(), ["open &at=1020000&speed=1", "jump"]);
});
