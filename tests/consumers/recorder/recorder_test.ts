import assert from "node:assert/strict";
import { Recorder } from "../../../src/consumers/recorder/recorder.ts";
import { Stream } from "../../../src/streams/stream.ts";

Deno.test("recorder takes each frame on air once, and has nothing made for it", () => {
  const clock = { now: 0, wall: () => clock.now, monotonic: () => clock.now };
  const transcoder = { transcode: () => assert.fail("nothing is to be made") };
  const parts: unknown[] = [];
  const stream = new Stream({
    ...{ name: "program", transcoder, clock },
    onPart: (part) => parts.push(part),
  });
  let isOnAir = true;
  const taken: number[] = [];
  const recorder = new Recorder(stream, () => isOnAir, ({ data }) => taken.push(data[0]));
  stream.publish(new Uint8Array([1]));
  stream.join(recorder);
  stream.publish(new Uint8Array([2]));
  // The stream repeats its newest frame.
  clock.now += 5000;
  stream.tick();
  isOnAir = false;
  stream.publish(new Uint8Array([3]));
  isOnAir = true;
  stream.refresh(recorder);
  stream.publish(new Uint8Array([4]));
  stream.leave(recorder);
  stream.publish(new Uint8Array([5]));
  assert.deepEqual(taken, [1, 2, 4]);
  assert.equal(parts.length, 0);
});
