import type { Ffmpeg } from "../ffmpeg/setup.ts";
import type { Playback } from "../playback.ts";
import { type LoopTiming, type LoopTimingRun, readLoopTiming } from "./loop_timing.ts";

/** Reads the timing of the file that is played, once, as it takes long for a long file. */
export class LoopTimings {
  #playback: Playback | null = null;
  #timing: LoopTiming | null = null;

  /** Reads, or recalls, the timing of a file as it is played now. */
  read(ffmpeg: Ffmpeg, playback: Playback): LoopTimingRun {
    if (playback === this.#playback) return { timing: Promise.resolve(this.#timing), stop() {} };
    const run = readLoopTiming(ffmpeg, playback.path);
    const keep = (timing: LoopTiming | null) => {
      if (timing === null) return null;
      this.#playback = playback;
      return this.#timing = timing;
    };
    return { timing: run.timing.then(keep), stop: run.stop };
  }
}
