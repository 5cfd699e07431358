import assert from "node:assert/strict";
import { JpegFeed } from "../../../src/consumers/recording/jpeg_feed.ts";
import { Stream } from "../../../src/streams/stream.ts";
import { TINY_JPEG } from "../../support/test_server.ts";

const HOUR = 3_600_000;

/** A feed of a stream that has shown a card for hours, and the times of the pictures it gives. */
function stage() {
  const time = { now: 0 };
  const clock = { wall: () => time.now, monotonic: () => time.now };
  const transcoder = { transcode: () => Promise.resolve(null) };
  const stream = new Stream({ name: "program", transcoder, clock });
  const given: number[] = [];
  const feed = new JpegFeed(stream, { picture: ({ at }) => void given.push(at), gap() {} }, clock);
  stream.publish(TINY_JPEG);
  time.now = 5 * HOUR;
  return { time, stream, feed, given };
}

Deno.test("JPEG feed leaves out what the stream showed before it started", () => {
  const { time, stream, feed, given } = stage();
  for (const start of [5 * HOUR, 10 * HOUR]) {
    time.now = start;
    feed.start();
    // Frames of another program may carry the time of its clock.
    for (const at of [start - 2_000, start + 40]) stream.publish(TINY_JPEG, at);
    feed.stop();
    stream.publish(TINY_JPEG);
    assert.deepEqual(given.splice(0), [start - 2_000, start + 40]);
  }
});

Deno.test("JPEG feed gives a still picture from the first repetition on, as of that time", () => {
  const { time, stream, feed, given } = stage();
  feed.start();
  assert.deepEqual(given, []);
  time.now += 1_000;
  stream.tick();
  assert.deepEqual(given, [5 * HOUR + 1_000]);
});
