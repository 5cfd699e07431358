import assert from "node:assert/strict";
import { PlaybackStart } from "../../../src/producers/ffmpeg/playback_start.ts";

Deno.test("playback start has the frames of 1.5 s, once", () => {
  const start = new PlaybackStart("clip.mp4");
  const frames = [1_000, 1_500, 2_499, 2_500, 2_600].map((at, i) => ({ index: i + 2, at }));
  const playbacks = frames.map((frame) => start.take(frame));
  const playback = { path: "clip.mp4", beginning: frames.slice(0, 4) };
  assert.deepEqual(playbacks, [null, null, null, playback, null]);
});
