/** Counts of one producer since its start. */
export interface ProducerStats {
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
  /** Frames dropped because a newer one came before they were taken. */
  readonly superseded: number;
  /** How often ffmpeg was started again. */
  readonly restarts: number;
}

/** The counts of no producer at all. */
export const NO_STATS: ProducerStats = { damaged: 0, oversized: 0, superseded: 0, restarts: 0 };

/** Returns the sums of two producers' counts. */
export function addStats(one: ProducerStats, other: ProducerStats = NO_STATS): ProducerStats {
  return {
    damaged: one.damaged + other.damaged,
    oversized: one.oversized + other.oversized,
    superseded: one.superseded + other.superseded,
    restarts: one.restarts + other.restarts,
  };
}
