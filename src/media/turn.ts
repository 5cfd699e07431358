/** The angles by which a source can be turned: degrees clockwise. */
export const ROTATIONS = [0, 90, 180, 270] as const;

/** One of {@linkcode ROTATIONS}. */
export type Rotation = (typeof ROTATIONS)[number];

/** How the source's frames are turned, for a camera that is not mounted upright. */
export interface Turn {
  /** The rotation, applied first. */
  readonly rotate: Rotation;
  /** Whether left and right are then exchanged. */
  readonly flip: boolean;
}
