import type { Quality } from "../frame.ts";

/**
 * The best quality that each of `viewers` may have when they share an uplink: 100/N when it is
 * worth one full stream, in proportion when it is worth more or less.
 *
 * @param uplink Bits per second, or `null` for no limit.
 * @param full Bits per second of the source's own stream; 0 while it is not known.
 * @returns `source`, or a whole quality 1..99.
 */
export function shareOf(uplink: number | null, viewers: number, full: number): Quality {
  if (uplink === null || viewers === 0 || full === 0) return "source";
  // What is added keeps a share of just 50 from becoming 49 by a rounding error in the rate.
  const quality = Math.floor(100 * uplink / (viewers * full) + 1e-6);
  return quality >= 100 ? "source" : Math.max(1, quality);
}

/** The lower of two qualities. */
export function lowerOf(a: Quality, b: Quality): Quality {
  if (a === "source") return b;
  return b === "source" ? a : Math.min(a, b);
}
