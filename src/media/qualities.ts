import type { Quality } from "./rendition.ts";

/** A quality level that viewers can choose. */
interface QualityLevel {
  /** As the page's button shows it. */
  readonly label: string;
  readonly quality: Quality;
}

/** The quality levels by their names in addresses and forms, best first. The page shows a button for each. */
export const QUALITIES = {
  high: { label: "High", quality: "source" },
  medium: { label: "Medium", quality: 50 },
  low: { label: "Low", quality: 20 },
} as const satisfies Readonly<Record<string, QualityLevel>>;

/** The name of a quality level. */
export type QualityName = keyof typeof QUALITIES;

/** The names of all quality levels, best first. */
export const QUALITY_NAMES: readonly QualityName[] = Object.keys(QUALITIES) as QualityName[];
