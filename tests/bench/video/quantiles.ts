/** How values are distributed. */
export interface Quantiles {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** Returns the quantiles of values; `NaN` without any. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Returns a row of a Markdown table. Numbers get two digits after the point if they are small. */
export function row(...cells: readonly (string | number)[]): string {
  const text = (value: number) =>
    Number.isNaN(value) ? "none" : value.toFixed(Math.abs(value) < 10 ? 2 : 0);
  return `| ${cells.map((cell) => typeof cell === "number" ? text(cell) : cell).join(" | ")} |`;
}

/** Returns the head of a Markdown table. */
export function head(...cells: readonly string[]): string {
  return `${row(...cells)}\n${row(...cells.map(() => "---"))}`;
}

/** Returns a share as text: `97.5 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Returns milliseconds as text: `12 / 30 ms`. */
export function milliseconds(...values: readonly number[]): string {
  return `${
    values.map((value) => Number.isNaN(value) ? "none" : Math.round(value)).join(" / ")
  } ms`;
}
