// deno-fmt-ignore
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,
  7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31,
  39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/** The row-by-row position of each coefficient in zigzag order (T.81 figure A.6). */
export const NATURAL_ORDER: Uint8Array = Uint8Array.from(ZIGZAG);

/** T.81 table K.1, in zigzag order. */
// deno-fmt-ignore
const LUMINANCE = Uint8Array.from([
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40,
  58, 51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103,
  104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
]);

/** T.81 table K.2, in zigzag order. */
const CHROMINANCE = new Uint8Array(64).fill(99);
CHROMINANCE.set([17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66]);

/**
 * Returns the quantisation table of the Independent JPEG Group's software for a quality, in zigzag
 * order.
 *
 * @param quality 1..100.
 */
export function ijgTable(quality: number, kind: "luminance" | "chrominance"): Uint16Array {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  const base = kind === "luminance" ? LUMINANCE : CHROMINANCE;
  return Uint16Array.from(
    base,
    (step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))),
  );
}

/** Returns the IJG quality, 1..100, whose luminance table is nearest to `table` (zigzag order). */
export function estimateQuality(table: Uint16Array): number {
  let best = 1;
  let least = Infinity;
  for (let quality = 1; quality <= 100; quality++) {
    const difference = ijgTable(quality, "luminance")
      .reduce((sum, step, k) => sum + Math.abs(step - table[k]), 0);
    if (difference < least) [best, least] = [quality, difference];
  }
  return best;
}
