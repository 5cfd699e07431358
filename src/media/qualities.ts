import type { Quality } from "./rendition.ts";

/** The quality levels by their names in addresses and forms, best first. The page shows a button for each. */
export const QUALITIES = {
  high: "source",
  medium: 50,
  low: 20,
} as const satisfies Readonly<Record<string, Quality>>;

/** The name of a quality level. */
export type QualityName = keyof typeof QUALITIES;

/** The names of all quality levels, best first. */
export const QUALITY_NAMES: readonly QualityName[] = Object.keys(QUALITIES) as QualityName[];
