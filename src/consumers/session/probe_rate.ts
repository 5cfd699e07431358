import { heightIn, needOf, type Rung } from "./rung.ts";

/** A probe tries so many bits a second more at least, to get past a token bucket on the way. */
const LEAST_EXCESS = 300_000;

/** What a probe's rate depends on. Rates are bits a second. */
export interface ProbeNeed {
  /** What the session can be given. */
  readonly rungs: readonly Rung[];
  /** What it is given; `null` before anything. */
  readonly given: Rung | null;
  /** Frames a second. */
  readonly fps: number;
  /** What the link is trusted to carry. */
  readonly limit: number;
  /** What the session may use. */
  readonly allowance: number;
  /** How many times as much the probe tries. */
  readonly step: number;
  /** A rung may need this many times what there is. */
  readonly tolerance: number;
}

/** Returns the bits a second to try in a probe; `null` if there is nothing better to give. */
export function probeRate(
  { rungs, given, fps, limit, allowance, step, tolerance }: ProbeNeed,
): number | null {
  const need = given ? needOf(given, fps) : 0;
  const hasVideo = hasVideoIn(rungs);
  const height = given ? heightIn(rungs, given) : 0;
  const better = rungs.findLast((rung) => heightIn(rungs, rung) > height);
  if (!better || needOf(better, fps) * tolerance > allowance) return null;
  // H.264 and the next JPEG are far apart: a link is tried in several steps on the way.
  const next = hasVideo
    ? Math.min(needOf(better, fps), step * Math.max(need, limit))
    : Math.min(needOf(rungs[0], fps), Math.max(needOf(better, fps), step * need));
  const least = Math.max(1.05 * limit, need + LEAST_EXCESS);
  return Math.min(Math.max(1.1 * next, least), allowance);
}

/** Returns whether there is H.264 among the rungs. */
export function hasVideoIn(rungs: readonly Rung[]): boolean {
  return rungs.some(({ rendition }) => rendition.codec === "h264");
}
