import assert from "node:assert/strict";
import fc from "fast-check";
import { MemoryStore } from "../../../src/consumers/recorder/memory_store.ts";
import { Ring } from "../../../src/consumers/recorder/ring.ts";
import type { SoundPacket } from "../../../src/media/packet.ts";
import type { PastFrame } from "../../../src/streams/past.ts";

/** A ring whose clock the test sets. */
function ringOf({ bytes = 1e6, keepMs = 60_000 } = {}) {
  const clock = { now: 0, wall: () => clock.now };
  const ring = new Ring({ store: new MemoryStore(bytes), keepMs, clock });
  let changes = 0;
  ring.events.on("change", () => changes++);
  return {
    ring,
    clock,
    /** Adds a frame that comes now. */
    add(size: number, at = clock.now) {
      ring.add(new Uint8Array(size).fill(at % 256), at);
    },
    get changes() {
      return changes;
    },
  };
}

function packet(at: number, size = 100): SoundPacket {
  const data = new Uint8Array(size);
  return { track: "sound", sequence: 1, at, data, duration: 20, isKey: true };
}

/** Returns all frames, oldest first, as a reader finds them. */
function framesOf(ring: Ring): PastFrame[] {
  const frames: PastFrame[] = [];
  for (let frame = ring.frameAt(-Infinity); frame; frame = ring.after(frame)) frames.push(frame);
  return frames;
}

Deno.test("ring finds frames by time, and their neighbours", async () => {
  const { ring, clock, add } = ringOf();
  for (clock.now = 1000; clock.now <= 5000; clock.now += 1000) add(10);
  assert.deepEqual(ring.span, { from: 1000, to: 5000 });
  assert.equal(ring.frameAt(3500)?.at, 3000);
  assert.equal(ring.frameAt(3000)?.at, 3000);
  assert.equal(ring.frameAt(0)?.at, 1000);
  assert.equal(ring.frameAt(9000)?.at, 5000);
  const third = ring.frameAt(3000)!;
  assert.equal(ring.after(third)?.at, 4000);
  assert.equal(ring.before(third)?.at, 2000);
  assert.equal(ring.after(ring.frameAt(5000)!), null);
  assert.equal(ring.before(ring.frameAt(1000)!), null);
  assert.deepEqual(await ring.read(third), new Uint8Array(10).fill(3000 % 256));
});

Deno.test("ring forgets what is too old, and says where a lost reader goes on", async () => {
  const { ring, clock, add } = ringOf({ keepMs: 3000 });
  clock.now = 1000;
  add(10);
  ring.addSound(packet(1000));
  const first = ring.frameAt(1000)!;
  for (clock.now = 2000; clock.now <= 9000; clock.now += 1000) add(10);
  assert.equal(ring.span?.from, 6000 - 1000 + 1000);
  assert.equal(await ring.read(first), null);
  assert.equal(ring.after(first)?.at, 6000);
  assert.equal(ring.before(first), null);
  assert.deepEqual(ring.sound(0, 1e9), []);
  assert.deepEqual(ring.promise, { since: 1000, seconds: 3 });
  clock.now = 20_000;
  ring.tick();
  assert.equal(ring.span, null);
  assert.equal(ring.promise, null);
  assert.equal(ring.bytes, 0);
});

Deno.test("ring promises fewer seconds when bytes bind, in few steps, and more when they no longer do", () => {
  const session = ringOf({ bytes: 100_000, keepMs: 60_000 });
  const { ring, clock, add } = session;
  // 100 frames: 10 seconds.
  for (let i = 0; i < 1000; i++, clock.now += 100) add(1000);
  const { seconds } = ring.promise!;
  assert(seconds >= 8 && seconds <= 10, `${seconds} s`);
  const { changes } = session;
  for (let i = 0; i < 1000; i++, clock.now += 100) {
    add(1000);
    assert(ring.span!.from <= clock.now - ring.promise!.seconds * 1000);
  }
  assert.equal(session.changes, changes);
  for (let i = 0; i < 1000; i++, clock.now += 100) add(100);
  assert.equal(ring.promise!.seconds, 60);
});

Deno.test("ring keeps the order when the wall clock is set back", () => {
  const { ring, clock, add } = ringOf();
  for (clock.now = 100_000; clock.now < 110_000; clock.now += 100) add(10);
  clock.now -= 500;
  for (let i = 0; i < 20; i++, clock.now += 100) add(10);
  const times = framesOf(ring).map(({ at }) => at);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  const { length } = times;
  add(10, clock.now - 5000);
  assert.equal(framesOf(ring).length, length + 1, "a frame that is older is no clock set back");
  clock.now = 50_000;
  add(10);
  assert.deepEqual(ring.span, { from: 50_000, to: 50_000 });
});

Deno.test("ring replaces sound that was to be heard later", () => {
  const { ring } = ringOf();
  for (const at of [100, 120, 140, 160]) ring.addSound(packet(at));
  ring.addSound(packet(130));
  assert.deepEqual(ring.sound(0, 1000).map(({ at }) => at), [100, 120, 130]);
  assert.deepEqual(ring.sound(120, 130).map(({ at }) => at), [120]);
});

Deno.test("ring switched off forgets everything and says so, but not what is held", async () => {
  const { ring, clock, add } = ringOf();
  for (clock.now = 1000; clock.now <= 5000; clock.now += 1000) {
    add(10);
    ring.addSound(packet(clock.now));
  }
  const held = ring.hold(2000, 4000);
  let cleared = 0;
  ring.events.on("clear", () => cleared++);
  ring.clear();
  assert.equal(cleared, 1);
  assert.equal(ring.promise, null);
  assert.equal(ring.bytes, 0);
  assert.equal(ring.frameAt(3000), null);
  assert.deepEqual(held.frames.map(({ at }) => at), [2000, 3000]);
  assert.equal(held.sound.length, 2);
  assert.deepEqual(await held.read(held.frames[1]), new Uint8Array(10).fill(3000 % 256));
  held.release();
  assert.equal(await held.read(held.frames[1]), null);
});

Deno.test("ring counts what is held, but forgotten, and then holds no more for a while", () => {
  const { ring, clock, add } = ringOf({ bytes: 100, keepMs: 3000 });
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds; i++, clock.now += 1000) add(20);
  };
  pass(4);
  const held = [ring.hold(0, clock.now), ring.hold(0, clock.now)];
  ring.shrink(ring.frameAt(0)!, new Uint8Array(4));
  assert(ring.canHold, "these bytes are the ring's, but for one frame");
  pass(4);
  assert(!ring.canHold);
  held[0].release();
  held[0].release();
  assert(!ring.canHold);
  held[1].release();
  assert(ring.canHold);
  const half = ring.hold(clock.now - 2000, clock.now);
  pass(4);
  assert(ring.canHold);
  half.release();
});

Deno.test("ring makes frames smaller one after the other, from the oldest on", async () => {
  const { ring, clock, add } = ringOf();
  for (clock.now = 1000; clock.now <= 5000; clock.now += 1000) add(10);
  const seen: number[] = [];
  for (let frame; (frame = ring.oldestWhole(4000));) {
    seen.push(frame.at);
    ring.shrink(frame, frame.at === 2000 ? null : new Uint8Array(4));
  }
  assert.deepEqual(seen, [1000, 2000, 3000]);
  assert.equal(ring.bytes, 4 + 10 + 4 + 10 + 10);
  assert.equal((await ring.read(ring.frameAt(1000)!))?.length, 4);
});

Deno.test("ring never takes more bytes than it may, keeps order, and has no gap of its own", async () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 3000 }),
    size: fc.integer({ min: 1, max: 3000 }),
    what: fc.constantFrom("frame", "frame", "frame", "sound", "shrink", "tick"),
  });
  await fc.assert(fc.asyncProperty(
    fc.array(step, { maxLength: 300 }),
    fc.integer({ min: 500, max: 20_000 }),
    async (steps, bytes) => {
      const keepMs = 10_000;
      const { ring, clock, add } = ringOf({ bytes, keepMs });
      const added: number[] = [];
      for (const { wait, size, what } of steps) {
        clock.now += wait;
        if (what === "frame") {
          add(size);
          if (size <= bytes) added.push(clock.now);
        } else if (what === "sound") ring.addSound(packet(clock.now, size));
        else if (what === "tick") ring.tick();
        else {
          const frame = ring.oldestWhole(clock.now - 2000);
          if (frame) ring.shrink(frame, new Uint8Array(1));
        }
        assert(ring.bytes <= bytes);
        const frames = framesOf(ring);
        // What is kept is always the newest of what came.
        assert.deepEqual(frames.map(({ at }) => at), added.slice(added.length - frames.length));
        frames.forEach(({ index }, i) => assert.equal(index, frames[0].index + i));
        assert.equal(ring.span?.from, frames[0]?.at);
        const { promise } = ring;
        if (promise && frames.length > 0) {
          const from = Math.max(promise.since, clock.now - promise.seconds * 1000);
          const promised = added.filter((at) => at >= from);
          assert(frames.length >= promised.length, "a promised frame is gone");
        }
      }
      for (const frame of framesOf(ring)) assert.notEqual(await ring.read(frame), null);
    },
  ));
});
