import type { Playback } from "../playback.ts";
import type { LoopTiming } from "./loop_timing.ts";

/** Frames that come within this time of the first one may come too early. Milliseconds. */
const BURST_MS = 500;

/** A moment of a file that is played in a loop. */
export interface LoopPosition {
  /** Number of loops before it. */
  readonly loop: number;
  /** Time since the beginning of the file. Milliseconds. */
  readonly position: number;
}

/** Knows which moment of a file is shown when: times are monotonic, in milliseconds. */
export class PlaybackClock {
  /** Duration of a loop. Milliseconds. */
  readonly #duration: number;
  /** When the first loop began. */
  readonly #start: number;

  /** Creates the clock of a playback. */
  constructor({ beginning }: Playback, { frames, duration }: LoopTiming) {
    this.#duration = duration;
    const burstEnd = beginning[0].at + BURST_MS;
    const starts = beginning.filter(({ at }) => at >= burstEnd).map(({ index, at }) => {
      const loop = Math.floor(index / frames.length);
      return at - loop * duration - frames[index % frames.length];
    });
    this.#start = lowerQuartile(starts);
  }

  /** Returns which moment of the file is shown at a time. */
  positionAt(time: number): LoopPosition {
    const passed = time - this.#start;
    const loop = Math.max(0, Math.floor(passed / this.#duration));
    return { loop, position: passed - loop * this.#duration };
  }

  /** Returns when a moment of the file is shown. */
  timeOf({ loop, position }: LoopPosition): number {
    return this.#start + loop * this.#duration + position;
  }
}

/** Returns what a quarter of the values are below: frames come late more often than early. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 2];
}
