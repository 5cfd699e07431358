import type { LumaPlane } from "../frame.ts";

/** Levels of 255 that `brighten` adds. */
export const BRIGHTEN = 40;

/** How much further from mid-grey `contrast` moves everything. */
export const CONTRAST = 1.35;

/** The tint of `sepia`: Cb and Cr of every pixel, from their middle. */
export const SEPIA = { cb: -26, cr: 14 } as const;

/** The edge of a `pixelate` cell, in pixels of the picture sent. */
export const PIXELATE_CELL = 16;

/**
 * How often `soft` applies the blur (1 2 1)/4 in each direction. One pass multiplies a coefficient
 * of frequency u by cos²(πu/16), since the blur with mirrored block edges is diagonal in the DCT.
 */
export const SOFT_PASSES = 4;

/** Levels of 255 that `highlight` adds where the picture moves. */
export const HIGHLIGHT = 25;

/** Levels of 255 by which a block's mean brightness must change to count as moving. */
const MOVING = 6;

/** Which blocks of `now` moved since `before`: 1 or 0 each. None where the sizes differ. */
export function movingBlocks(now: LumaPlane, before: LumaPlane | undefined): Uint8Array {
  const moving = new Uint8Array(now.data.length);
  if (before?.width !== now.width || before.height !== now.height) return moving;
  for (let i = 0; i < moving.length; i++) {
    moving[i] = Math.abs(now.data[i] - before.data[i]) >= MOVING ? 1 : 0;
  }
  return moving;
}
