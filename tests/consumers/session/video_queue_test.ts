import assert from "node:assert/strict";
import { VideoQueue } from "../../../src/consumers/session/video_queue.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { partOf } from "./simulated_tracks.ts";

const part = (index: number) =>
  partOf(H264_RENDITIONS[0], { sequence: index, index, isKey: false, at: 0, bytes: 10 });

Deno.test("video queue gives parts in order, and says how long the oldest has waited", () => {
  const queue = new VideoQueue();
  assert.equal(queue.waitedAt(50), 0);
  [1, 2].forEach((index) => queue.put(part(index), 100 + index));
  assert.equal(queue.waitedAt(150), 49);
  assert.deepEqual([queue.take(), queue.take(), queue.take()].map((one) => one?.packet.index), [
    1,
    2,
    undefined,
  ]);
});

Deno.test("video queue is bounded, and counts what it drops", () => {
  const queue = new VideoQueue();
  let kept = 0;
  while (queue.put(part(kept), 0)) kept++;
  assert.ok(kept <= 256);
  assert.equal(queue.drop(), kept);
  assert.deepEqual([queue.length, queue.dropped], [0, kept]);
});
