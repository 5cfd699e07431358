/** How values are distributed. */
export interface Quantiles {
  readonly count: number;
  readonly median: number;
  readonly p5: number;
  readonly p95: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
  return { count: sorted.length, median: at(0.5), p5: at(0.05), p95: at(0.95) };
}
