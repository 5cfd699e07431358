import assert from "node:assert/strict";
import { StillCheck } from "../../../src/producers/ffmpeg/still_check.ts";
import { tinyJpeg } from "../../support/jpegs.ts";

const LARGE = tinyJpeg({ width: 640, height: 480 });
const SMALL = tinyJpeg({ width: 160, height: 120 });

/** Which frames are shown, and whether they were a still in the end. */
function check(frames: readonly Uint8Array[]): [shown: boolean[], isStill: boolean] {
  const still = new StillCheck();
  return [frames.map((frame) => still.take(frame)), still.isStill];
}

Deno.test("one picture is a still, with previews behind it too, which are not shown", () => {
  assert.deepEqual(check([]), [[], false]);
  assert.deepEqual(check([LARGE]), [[true], true]);
  assert.deepEqual(check([LARGE, SMALL, SMALL]), [[true, false, false], true]);
});

Deno.test("pictures of the same size or larger are a stream, and so are many small ones", () => {
  assert.deepEqual(check([LARGE, LARGE]), [[true, true], false]);
  assert.deepEqual(check([SMALL, LARGE, SMALL]), [[true, true, true], false]);
  const [shown, isStill] = check([LARGE, SMALL, SMALL, SMALL, SMALL, SMALL]);
  assert.deepEqual([shown, isStill], [[true, false, false, false, true, true], false]);
});
