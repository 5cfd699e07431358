import assert from "node:assert/strict";
import fc from "fast-check";
import type { LoopTiming } from "../../../src/producers/sound/loop_timing.ts";
import { PlaybackClock } from "../../../src/producers/sound/playback_clock.ts";

/** Frames at unequal distances. */
const TIMING: LoopTiming = { frames: [21, 54, 88, 121, 300, 400], duration: 500 };

interface Start {
  readonly begin: number;
  /** Frames that come up to this late. */
  readonly late: number;
  /** Milliseconds of the file that come at once. */
  readonly burst: number;
  /** Frames that are missing at first. */
  readonly missing: number;
}

function playbackOf({ begin, late, burst, missing }: Start) {
  const frames = Array.from({ length: 60 }, (_, index) => {
    const loop = Math.floor(index / TIMING.frames.length);
    const due = TIMING.frames[index % TIMING.frames.length] + loop * TIMING.duration;
    // Later by a different part of the limit each time.
    return { index, at: begin + Math.max(0, due - burst) + late * (index * 7 % 10) / 10 };
  }).slice(missing);
  const end = frames[0].at + 1_500;
  return { path: "clip.mp4", beginning: frames.filter(({ at }) => at <= end) };
}

Deno.test("playback clock follows the frames, whatever came first and however late they are", () => {
  fc.assert(fc.property(
    fc.record({
      begin: fc.double({ min: 0, max: 1e9, noNaN: true }),
      late: fc.double({ min: 0, max: 10, noNaN: true }),
      burst: fc.double({ min: 0, max: 500, noNaN: true }),
      missing: fc.nat(3),
    }),
    (start) => {
      const clock = new PlaybackClock(playbackOf(start), TIMING);
      const begun = clock.timeOf({ loop: 0, position: 0 });
      const expected = start.begin - start.burst;
      assert.ok(begun >= expected - 0.01 && begun <= expected + start.late + 0.01);
    },
  ));
});

Deno.test("playback clock finds the position that is shown at a time", () => {
  const start = { begin: 1_000, late: 0, burst: 0, missing: 0 };
  const clock = new PlaybackClock(playbackOf(start), TIMING);
  assert.deepEqual(clock.positionAt(1_250), { loop: 0, position: 250 });
  assert.deepEqual(clock.positionAt(6_010), { loop: 10, position: 10 });
  assert.equal(clock.timeOf({ loop: 10, position: 10 }), 6_010);
});
