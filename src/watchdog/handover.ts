/** The environment variable by which a process hands over to the one that takes its place. */
export const HANDOVER_VARIABLE = "LIVESTREAM_RESTARTED";

/** What a restart must not change, so that links stay valid. */
export interface Handover {
  /** Opens the studio; a secret. */
  readonly adminToken: string;
  /** The port listened on, even where any free one was asked for. */
  readonly port: number;
  /** Whether the channel was off air, which a restart must not show. */
  readonly offAir: boolean;
  /** Restarts in a row, this one included. */
  readonly restarts: number;
}

/** So many restarts in a row follow one another without a pause. */
const FREE_RESTARTS = 3;
/** The pause before each further one. Milliseconds. */
const PAUSE_MS = 60_000;
/** After so long a run, the next restart counts as the first. Milliseconds. */
const STEADY_MS = 10 * 60_000;

/** Returns the value that {@linkcode HANDOVER_VARIABLE} gets. */
export function writeHandover(handover: Handover): string {
  return JSON.stringify(handover);
}

/** Returns how long to wait before a restart, the given one in a row. Milliseconds. */
export function pauseBefore(restarts: number): number {
  return restarts > FREE_RESTARTS ? PAUSE_MS : 0;
}

/**
 * Counts a restart.
 *
 * @param before Restarts in a row before.
 * @param ranForMs How long the process ran that now stands still. Milliseconds.
 */
export function countRestart(before: number, ranForMs: number): number {
  return ranForMs >= STEADY_MS ? 1 : before + 1;
}
