/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { PictureInfo } from "../../../static/js/player.js";
import { MediaSourcePlayer } from "../../../static/js/video/media_source_player.js";

/** Stands in for an element that shows what the test says. */
class FakeVideo extends EventTarget {
  totalVideoFrames = 0;
  droppedVideoFrames = 0;
  /** Shows a frame of the timeline. */
  show: (mediaTime: number) => void = () => {};
  requestVideoFrameCallback(callback: (now: number, frame: { mediaTime: number }) => void) {
    this.show = (mediaTime) => callback(0, { mediaTime });
  }
  getVideoPlaybackQuality() {
    const { totalVideoFrames, droppedVideoFrames } = this;
    return { totalVideoFrames, droppedVideoFrames };
  }
  play() {
    return Promise.resolve();
  }
  pause() {}
}

const INFO: PictureInfo = { codec: "h264", quality: "45", sequence: 1, at: 0, received: null };

/** Plays groups of 30 frames, of which the browser drops some, and returns in which one the player gives up. */
function givesUpIn(groups: number, droppedOf: (group: number) => number): number {
  Object.assign(globalThis, { MediaSource: EventTarget });
  const { createObjectURL } = URL;
  URL.createObjectURL = () => "blob:";
  try {
    const video = new FakeVideo();
    let failures = 0;
    const player = new MediaSourcePlayer({
      video: video as unknown as HTMLVideoElement,
      // Looks at every frame.
      onShown: () => true,
      onFailure: () => failures++,
    });
    const init = { mime: "video/mp4", bytes: new Uint8Array(1) };
    for (let group = 1; group <= groups; group++) {
      player.push({ init, bytes: new Uint8Array(1), time: group, duration: 1 / 30 }, INFO);
      if (failures > 0) return group;
      video.show(group);
      video.totalVideoFrames += 30;
      video.droppedVideoFrames += droppedOf(group);
    }
    return Infinity;
  } finally {
    URL.createObjectURL = createObjectURL;
  }
}

Deno.test("the player gives up where the browser drops most frames again and again", () => {
  assert.equal(givesUpIn(20, () => 20), 9);
});

Deno.test("the player goes on where the browser drops some frames, or most of them for a moment", () => {
  assert.equal(givesUpIn(200, () => 14), Infinity);
  assert.equal(givesUpIn(200, (group) => group < 7 ? 30 : 0), Infinity);
});
