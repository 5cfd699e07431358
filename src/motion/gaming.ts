import type { Quality } from "../media/rendition.ts";
import type { Motion } from "./measure.ts";

/** Above this intensity the streamer is moving. */
const MOVING = 0.01;
const FALL_PER_SECOND = 30;
const RISE_PER_SECOND = 150;
const LOWEST = 10;
const HIGHEST = 100;

/** The distance between levels: they are so few that all Gaming viewers share one encoding. */
const STEP = 10;

/**
 * The quality that follows the streamer's motion. It always falls by 30 a second, and rises by 150 a
 * second while the streamer moves.
 */
export class GamingQuality {
  #exact = HIGHEST;

  /** Applies one measurement of motion. */
  advance({ intensity, seconds }: Motion): void {
    const change = (intensity > MOVING ? RISE_PER_SECOND : 0) - FALL_PER_SECOND;
    this.#exact = Math.min(HIGHEST, Math.max(LOWEST, this.#exact + change * seconds));
  }

  /** Returns the quality before rounding, 10..100. */
  get exact(): number {
    return this.#exact;
  }

  /** Returns the quality that viewers get: the exact one rounded to tens, `source` at the top. */
  get quality(): Quality {
    const level = Math.round(this.#exact / STEP) * STEP;
    return level >= HIGHEST ? "source" : level;
  }
}
