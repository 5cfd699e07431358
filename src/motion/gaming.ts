import type { Quality } from "../media/rendition.ts";
import type { Motion } from "./measure.ts";

/** Above this intensity the streamer moves. */
const MOVING = 0.01;
const FALL_PER_SECOND = 30;
const RISE_PER_SECOND = 150;
const LOWEST = 10;
const HIGHEST = 100;

/** Levels this far apart: few enough that the frames of all Gaming viewers are encoded once. */
const STEP = 10;

/**
 * The quality that follows the streamer: moving makes it better, standing still makes it worse.
 * It always falls by 30 a second and rises by 150 a second while the streamer moves.
 */
export class GamingQuality {
  #exact = HIGHEST;

  advance({ intensity, seconds }: Motion): void {
    const change = (intensity > MOVING ? RISE_PER_SECOND : 0) - FALL_PER_SECOND;
    this.#exact = Math.min(HIGHEST, Math.max(LOWEST, this.#exact + change * seconds));
  }

  /** The law's own value, 10..100. */
  get exact(): number {
    return this.#exact;
  }

  /** The value viewers are given: the exact one rounded to tens; `source` at the top. */
  get quality(): Quality {
    const level = Math.round(this.#exact / STEP) * STEP;
    return level >= HIGHEST ? "source" : level;
  }
}
