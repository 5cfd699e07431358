import assert from "node:assert/strict";
import { H264Feed } from "../../../src/consumers/passages/h264_feed.ts";
import type { VideoPacket } from "../../../src/media/packet.ts";
import type { VideoTrack, VideoTracks } from "../../../src/streams/video.ts";
import { H264, START } from "./passages.ts";

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

/** The tracks of a program, the best one first. */
function tracksOf(...tracks: ReturnType<typeof trackOf>[]): VideoTracks {
  return {
    isOffered: true,
    get available() {
      return tracks.filter(({ isAvailable }) => isAvailable) as unknown as VideoTrack[];
    },
  } as unknown as VideoTracks;
}

Deno.test("H.264 is recorded from the best track again, a minute after its encoder failed", () => {
  const clock = { now: 0, wall: () => clock.now, monotonic: () => clock.now };
  const [best, other] = [trackOf(), trackOf()];
  const tracks = tracksOf(best, other);
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

Deno.test("H.264 of before the start is left out, but not what comes after the clock was set back", () => {
  const clock = {
    now: 0,
    offset: 0,
    wall: () => START + clock.now + clock.offset,
    monotonic: () => clock.now,
  };
  const [best, other] = [trackOf(), trackOf()];
  const tracks = tracksOf(best, other);
  const given: number[] = [];
  const listener = { picture: ({ at }: { at: number }) => void given.push(at), gap() {} };
  const feed = new H264Feed({ tracks, listener, clock });
  const deliver = (index: number, at: number) =>
    feed.deliver({ index, at, isKey: true, configuration: H264 } as VideoPacket);
  feed.start();
  deliver(1, START - 40);
  assert.deepEqual(given, []);
  deliver(2, START);
  assert.deepEqual(given, [START]);
  clock.now = 3_600_000;
  clock.offset = -7_200_000;
  best.isAvailable = false;
  feed.tick();
  deliver(1, clock.wall());
  assert.deepEqual(given, [START, START - 3_600_000]);
});
