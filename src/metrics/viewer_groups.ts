import type { Quality } from "../media/rendition.ts";
import type { Delivery, Why } from "../live_messages.ts";

/** Sessions that get about the same rendition for the same reason. */
export interface ViewerGroup {
  /** `source`, or the IJG quality to the nearest ten: `10`, `20` ... `100`. */
  readonly quality: string;
  /** What decides the quality. */
  readonly why: Why;
  /** The number of sessions. */
  readonly viewers: number;
}

const QUALITIES = ["source", ...Array.from({ length: 10 }, (_, i) => String(10 * (i + 1)))];
const REASONS: readonly Why[] = ["chosen", "motion", "link", "uplink", "reader"];

/**
 * Counts sessions by quality and reason. Returns groups without sessions too: a scraper takes a missing
 * value for an unknown one, not for 0.
 */
export function groupViewers(
  viewers: Iterable<{ readonly delivery: Pick<Delivery, "quality" | "why"> }>,
): ViewerGroup[] {
  const counts = new Map<string, number>();
  for (const { delivery: { quality, why } } of viewers) {
    const key = `${nearest(quality)} ${why}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return QUALITIES.flatMap((quality) =>
    REASONS.map((why) => ({ quality, why, viewers: counts.get(`${quality} ${why}`) ?? 0 }))
  );
}

function nearest(quality: Quality): string {
  return quality === "source" ? quality : String(Math.max(10, 10 * Math.round(quality / 10)));
}
