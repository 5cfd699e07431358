import type { LumaPlane } from "../media/luma_plane.ts";

/** A block that changes by so many levels of 255 shows something else than before. */
const CHANGED = 8;

/** So many changed blocks side by side are something that moves. Blocks. */
const LEAST_BLOCKS = 3;

/** Planes are compared with one so old: what moves slowly has moved by then. Milliseconds. */
const SLOW_MS = 2_000;

/** The planes that are kept are at least so far apart. Milliseconds. */
const STEP_MS = 250;

/** If this part of all blocks changes alike, the light does: then nothing moves. */
const MOST_BLOCKS = 0.9;

/** A plane and its time. */
interface Kept {
  readonly plane: LumaPlane;
  readonly at: number;
}

/**
 * Notices whether something moves, however small or slow: somewhere, neighbouring blocks of 8 by 8 pixels change
 * more than noise or a change of the light explains. Gaming mode's measure is a mean over the whole picture,
 * in which a person far away disappears.
 */
export class MotionDetector {
  #kept: Kept[] = [];

  /**
   * Returns whether something moved since the frames before.
   *
   * @param at Wall time of the frame, milliseconds.
   */
  observe(plane: LumaPlane, at: number): boolean {
    const newest = this.#kept.at(-1);
    if (newest && (at < newest.at || at - newest.at > SLOW_MS)) this.#kept = [];
    if (newest && newest.plane.data.length !== plane.data.length) this.#kept = [];
    while (this.#kept.length > 1 && at - this.#kept[1].at >= SLOW_MS) this.#kept.shift();
    const references = [...new Set([this.#kept.at(-1), this.#kept[0]])];
    const isMoving = references.some((one) => one !== undefined && moves(one.plane, plane));
    const last = this.#kept.at(-1);
    if (!last || at - last.at >= STEP_MS) this.#kept.push({ plane, at });
    return isMoving;
  }

  /** Forgets what it has seen. */
  reset(): void {
    this.#kept = [];
  }
}

/** Returns whether blocks that touch each other changed, apart from the light. */
function moves(before: LumaPlane, after: LumaPlane): boolean {
  const { width, height, data } = after;
  const old = before.data;
  if (before.width !== width || before.height !== height || data.length === 0) return false;
  // The light may change everywhere; the mean change is taken off.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] - old[i];
  const mean = sum / data.length;
  // Where a hand is before the camera, that mean would be its.
  const light = Math.abs(mean) > CHANGED / 2 && isEven(before, after, mean) ? mean : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (!isChanged(data[at] - old[at], light)) continue;
      let count = 0;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const ny = y + dy, nx = x + dx;
          if (ny < 0 || nx < 0 || ny >= height || nx >= width) continue;
          const near = ny * width + nx;
          if (isChanged(data[near] - old[near], light)) count++;
        }
      }
      if (count >= LEAST_BLOCKS) return true;
    }
  }
  return false;
}

/** Returns whether about all blocks changed as the mean did. */
function isEven(before: LumaPlane, after: LumaPlane, mean: number): boolean {
  let even = 0;
  const { data } = after;
  for (let i = 0; i < data.length; i++) {
    if (Math.sign(data[i] - before.data[i]) === Math.sign(mean)) even++;
  }
  return even >= MOST_BLOCKS * data.length;
}

function isChanged(change: number, light: number): boolean {
  return Math.abs(change - light) > Math.max(CHANGED, Math.abs(light));
}
