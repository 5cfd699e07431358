import assert from "node:assert/strict";
import { H264Feed } from "../../../src/consumers/passages/h264_feed.ts";
import type { VideoTrack, VideoTracks } from "../../../src/streams/video.ts";

/** A track that notes whether it is recorded. */
function trackOf() {
  return {
    isAvailable: true,
    isKeyNear: true,
    isJoined: false,
    join() {
      this.isJoined = true;
    },
    leave() {
      this.isJoined = false;
    },
    requestKey() {},
  };
}

Deno.test("H.264 is recorded from the best track again, a minute after its encoder failed", () => {
  const clock = { now: 0, wall: () => clock.now, monotonic: () => clock.now };
  const [best, other] = [trackOf(), trackOf()];
  const tracks = {
    isOffered: true,
    get available() {
      return [best, other].filter(({ isAvailable }) => isAvailable) as unknown as VideoTrack[];
    },
  } as unknown as VideoTracks;
  const feed = new H264Feed({ tracks, listener: { picture() {}, gap() {} }, clock });
  const joined = () => [best.isJoined, other.isJoined];
  const tickUntil = (end: number) => {
    for (; clock.now <= end; clock.now += 250) feed.tick();
  };
  feed.start();
  assert.deepEqual(joined(), [true, false]);
  best.isAvailable = false;
  tickUntil(1_000);
  assert.deepEqual(joined(), [false, true]);
  best.isAvailable = true;
  tickUntil(60_000);
  assert.deepEqual(joined(), [false, true]);
  tickUntil(62_000);
  assert.deepEqual(joined(), [true, false]);
  feed.stop();
  assert.deepEqual(joined(), [false, false]);
});
