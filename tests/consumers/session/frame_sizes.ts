import type { Rendition } from "../../../src/media/rendition.ts";

/** Bytes of a frame of 720p by quality, as measured with a webcam's picture. */
const SIZES: Readonly<Record<"1" | "0.5", readonly (readonly [number, number])[]>> = {
  1: [[1, 12_000], [10, 18_500], [20, 27_000], [35, 38_000], [50, 48_000], [70, 56_000], [
    100,
    60_000,
  ]],
  0.5: [[1, 3_500], [5, 4_300], [10, 5_800], [20, 8_700], [35, 12_600], [50, 15_600], [
    100,
    27_000,
  ]],
};

/** Bytes of a frame that is as usual. */
export function sizeOf({ quality, scale }: Rendition): number {
  const wanted = quality === "source" ? 100 : quality;
  const known = SIZES[scale === 1 ? 1 : 0.5];
  const above = Math.max(1, known.findIndex(([at]) => at >= wanted));
  const [q0, bytes0] = known[above - 1], [q1, bytes1] = known[above];
  const share = scale < 0.5 ? (2 * scale) ** 1.5 : 1;
  return Math.round(share * (bytes0 + (bytes1 - bytes0) * (wanted - q0) / (q1 - q0)));
}
