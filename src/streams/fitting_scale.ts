import { type Scale, SCALES } from "../media/rendition.ts";
import type { Size } from "../media/jpeg/size.ts";

/** The largest size of a frame that a client wants; what is left out is not limited. */
export interface SizeLimit {
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  /** A fraction of the source's width and height. */
  readonly scale?: number;
}

/**
 * Returns the largest scale at which a frame exceeds no part of the limit, or the smallest scale
 * where even that exceeds it.
 *
 * @param size The size of the source's frame; if `null`, only the limit's own scale counts.
 */
export function fittingScale(size: Size | null, limit: SizeLimit): Scale {
  const { width = Infinity, height = Infinity, scale: most = 1 } = limit;
  const fits = (scale: Scale) =>
    scale <= most && (size === null ||
      Math.ceil(size.width * scale) <= width && Math.ceil(size.height * scale) <= height);
  return SCALES.find(fits) ?? SCALES[SCALES.length - 1];
}
