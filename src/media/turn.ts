/** Degrees clockwise. */
export const ROTATIONS = [0, 90, 180, 270] as const;

export type Rotation = (typeof ROTATIONS)[number];

/** How the source's frames are turned, for a camera that is not mounted upright. */
export interface Turn {
  readonly rotate: Rotation;
  /** Whether left and right are exchanged, after the rotation. */
  readonly flip: boolean;
}
