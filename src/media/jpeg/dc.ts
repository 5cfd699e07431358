import type { ComponentGrid } from "./coefficients.ts";
import type { CoefficientFilter } from "./filters.ts";
import { shortsAt } from "./kernel.ts";

/** The DC coefficients of the darkest and the brightest block: eight times its mean. */
const DARKEST = -1024;
const BRIGHTEST = 1016;

/** Makes up for the last bit that a half may lose in a division. */
const TINY = 1e-6;

/**
 * Returns a component's DC coefficients after a filter, in steps of `step` and in the grid's order.
 *
 * @param component 0 (Y), 1 (Cb) or 2 (Cr).
 */
export function requantizeDc(
  source: ComponentGrid,
  component: number,
  step: number,
  filter: CoefficientFilter,
): Int16Array {
  const { dc, across, down, dcStep } = source;
  const values = filter.cell ? cellMeans(source, filter.cell) : shortsAt(dc, across * down);
  const factor = (filter.gain?.(component, 0) ?? 1) * dcStep / step;
  const offset = 8 * (filter.offset?.(component) ?? 0) / step;
  // Unchanged values pass as the camera sent them; changed ones are clamped to the range of brightness.
  const unchanged = factor === 1 && offset === 0;
  const lowest = unchanged ? DARKEST : DARKEST / step;
  const highest = unchanged ? -DARKEST - 1 : BRIGHTEST / step;
  const made = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let value = values[i] * factor + offset;
    if (value < lowest) value = lowest;
    else if (value > highest) value = highest;
    made[i] = value < 0 ? value - (0.5 + TINY) : value + (0.5 + TINY);
  }
  return made;
}

/** Returns each block's value replaced by the mean of its cell of `size` pixels; a cell has at least one block. */
function cellMeans(source: ComponentGrid, size: number): Float32Array {
  const { dc, across, down, visibleAcross, visibleDown, hMost, vMost } = source;
  const wide = Math.max(1, Math.round(size * source.h / (8 * hMost)));
  const high = Math.max(1, Math.round(size * source.v / (8 * vMost)));
  const means = Float32Array.from(shortsAt(dc, across * down));
  for (let top = 0; top < visibleDown; top += high) {
    const bottom = Math.min(top + high, visibleDown);
    for (let left = 0; left < visibleAcross; left += wide) {
      const right = Math.min(left + wide, visibleAcross);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += means[y * across + x];
      }
      const mean = sum / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++) means.fill(mean, y * across + left, y * across + right);
    }
  }
  return means;
}
