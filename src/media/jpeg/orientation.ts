import type { Turn } from "../turn.ts";
import type { Orientation } from "./exif.ts";

/** An orientation as steps: first rows and columns are exchanged, then the result is mirrored. */
export interface OrientationSteps {
  /** Whether rows become columns, from the upper left corner on. */
  readonly transposed: boolean;
  /** Whether left and right are exchanged. */
  readonly mirrored: boolean;
  /** Whether top and bottom are exchanged. */
  readonly upended: boolean;
}

/** The orientations by their steps: 4 for transposed, 2 for upended, 1 for mirrored. */
const BY_STEPS: readonly Orientation[] = [1, 2, 4, 3, 5, 6, 8, 7];

/** Returns the steps that show a picture in an orientation, 1..8. */
export function stepsOf(orientation: Orientation): OrientationSteps {
  const bits = BY_STEPS.indexOf(orientation);
  return {
    transposed: (bits & 4) !== 0,
    mirrored: (bits & 1) !== 0,
    upended: (bits & 2) !== 0,
  };
}

/** Returns the orientation that does the same as `first` and then `second`. */
export function composeOrientations(first: Orientation, second: Orientation): Orientation {
  const one = stepsOf(first);
  const two = stepsOf(second);
  // Transposing after mirroring is upending after transposing.
  const mirrored = two.mirrored !== (two.transposed ? one.upended : one.mirrored);
  const upended = two.upended !== (two.transposed ? one.mirrored : one.upended);
  const transposed = one.transposed !== two.transposed;
  return BY_STEPS[Number(transposed) * 4 + Number(upended) * 2 + Number(mirrored)];
}

/** Returns the orientation of a turn: rotation first, then mirroring left to right. */
export function orientationOfTurn({ rotate, flip }: Turn): Orientation {
  const rotated = { 0: 1, 90: 6, 180: 3, 270: 8 }[rotate];
  return flip ? composeOrientations(rotated, 2) : rotated;
}
