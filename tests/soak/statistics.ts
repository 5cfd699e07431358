/** Returns the median, or NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Returns the quantile for a share of 0..1, or NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/**
 * Returns the slope of y over x: the median of the slopes between all pairs (Theil and Sen), which
 * a garbage collector's jumps do not distort. NaN for fewer than two points.
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes: number[] = [];
  for (const [i, [x, y]] of points.entries()) {
    for (const [otherX, otherY] of points.slice(i + 1)) slopes.push((otherY - y) / (otherX - x));
  }
  return median(slopes);
}
