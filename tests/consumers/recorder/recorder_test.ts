import assert from "node:assert/strict";
import { Recorder } from "../../../src/consumers/recorder/recorder.ts";
import { Stream } from "../../../src/streams/stream.ts";

/** A recorder of a stream, and what it takes: the first byte and the time of each frame. */
function setUp() {
  const clock = { now: 0, step: 0, wall: () => clock.now + clock.step, monotonic: () => clock.now };
  const transcoder = { transcode: () => assert.fail("nothing is to be made") };
  const parts: unknown[] = [];
  const stream = new Stream({
    ...{ name: "program", transcoder, clock },
    onPart: (part) => parts.push(part),
  });
  const channel = { isOnAir: true };
  const taken: [number, number][] = [];
  const recorder = new Recorder(
    stream,
    () => channel.isOnAir,
    ({ data, at }) => taken.push([data[0], at]),
    clock,
  );
  return { clock, stream, parts, channel, taken, recorder };
}

Deno.test("recorder takes each frame on air once, and has nothing made for it", () => {
  const { stream, parts, channel, taken, recorder } = setUp();
  stream.publish(new Uint8Array([1]));
  stream.join(recorder);
  stream.publish(new Uint8Array([2]));
  stream.refresh(recorder);
  channel.isOnAir = false;
  stream.publish(new Uint8Array([3]));
  channel.isOnAir = true;
  stream.refresh(recorder);
  stream.publish(new Uint8Array([4]));
  stream.leave(recorder);
  stream.publish(new Uint8Array([5]));
  assert.deepEqual(taken.map(([number]) => number), [1, 2, 4]);
  assert.equal(parts.length, 0);
});

Deno.test("recorder takes a picture that stands still once a second, while on air", () => {
  const { clock, stream, parts, channel, taken, recorder } = setUp();
  stream.join(recorder);
  const pass = (milliseconds: number) => {
    for (const end = clock.now + milliseconds; clock.now < end;) {
      clock.now += 250;
      stream.tick();
    }
  };
  // It took 40 ms to get here.
  stream.publish(new Uint8Array([1]), -40);
  pass(2500);
  stream.publish(new Uint8Array([2]), clock.now);
  clock.step = -600_000;
  pass(1000);
  channel.isOnAir = false;
  pass(3000);
  stream.publish(new Uint8Array([3]), clock.now);
  channel.isOnAir = true;
  pass(3000);
  assert.deepEqual(taken, [
    ...[[1, -40], [1, 960], [1, 1960]],
    ...[[2, 2500], [2, 3500 - 600_000]],
  ]);
  // A relayed frame keeps the times of the program that it comes from.
  stream.publish(new Uint8Array([4]), 0, clock.now);
  pass(3000);
  assert.deepEqual(taken.slice(5), [[4, 0]]);
  assert.equal(parts.length, 0);
});
