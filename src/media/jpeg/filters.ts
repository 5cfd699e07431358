import type { LumaPlane } from "../luma_plane.ts";
import type { Filter } from "../rendition.ts";
import { NATURAL_ORDER } from "./quality.ts";

/** Levels of 255 that `brighten` adds. */
export const BRIGHTEN = 40;

/** How much further from mid-grey `contrast` moves everything. */
export const CONTRAST = 1.35;

/** The tint of `sepia`: Cb and Cr of every pixel, from their middle. */
export const SEPIA = { cb: -26, cr: 14 } as const;

/** The edge of a `pixelate` cell, in pixels of the output. */
export const PIXELATE_CELL = 16;

/**
 * How often `soft` applies the blur (1 2 1)/4 in each direction. One pass multiplies a coefficient
 * of frequency u by cos²(πu/16), since the blur with mirrored block edges is diagonal in the DCT.
 */
export const SOFT_PASSES = 4;

/** Levels of 255 that `highlight` adds where something moves. */
export const HIGHLIGHT = 25;

/** Levels of 255 by which a block's mean brightness must change to count as moving. */
const MOVING = 6;

/** Returns 1 for each block of `after` that moved since `before`, else 0. If sizes differ, none did. */
export function movingBlocks(after: LumaPlane, before: LumaPlane | undefined): Uint8Array {
  const moving = new Uint8Array(after.data.length);
  if (before?.width !== after.width || before.height !== after.height) return moving;
  for (let i = 0; i < moving.length; i++) {
    moving[i] = Math.abs(after.data[i] - before.data[i]) >= MOVING ? 1 : 0;
  }
  return moving;
}

/** What a filter does to the coefficients of component 0 (Y), 1 (Cb) or 2 (Cr). */
export interface CoefficientFilter {
  /** Returns the factor for the coefficient at place `k` of the zigzag order. Default: 1. */
  readonly gain?: (component: number, k: number) => number;
  /** Returns the levels of 255 to add to each block. Default: 0. */
  readonly offset?: (component: number) => number;
  /** Removes colour, or adds it to a grey frame. */
  readonly colour?: "none" | "added";
  /** Exchanges left and right. */
  readonly mirrored?: boolean;
  /** The edge of square cells, in pixels, whose blocks all get their mean. */
  readonly cell?: number;
}

/** What each filter does. `highlight` is applied earlier, to the source, where the luma plane is. */
export const COEFFICIENT_FILTERS: Readonly<Record<Filter, CoefficientFilter>> = {
  none: {},
  highlight: {},
  grayscale: { colour: "none" },
  sepia: {
    colour: "added",
    gain: (component) => component === 0 ? 1 : 0,
    offset: (component) => [0, SEPIA.cb, SEPIA.cr][component],
  },
  // Brightness lies from -128 to 127 around mid-grey, so its opposite is one level off.
  invert: { gain: () => -1, offset: (component) => component === 0 ? -1 : 0 },
  brighten: { offset: (component) => component === 0 ? BRIGHTEN : 0 },
  contrast: { gain: () => CONTRAST },
  mirror: { mirrored: true },
  pixelate: { cell: PIXELATE_CELL, gain: (_, k) => k === 0 ? 1 : 0 },
  soft: { gain: (_, k) => blurred(NATURAL_ORDER[k] & 7) * blurred(NATURAL_ORDER[k] >> 3) },
};

/** Returns what `soft` leaves of a frequency 0..7 in one direction. */
function blurred(frequency: number): number {
  return Math.cos(Math.PI * frequency / 16) ** (2 * SOFT_PASSES);
}
