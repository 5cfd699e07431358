/** The environment variable by which a process hands over to the one that takes its place. */
export const HANDOVER_VARIABLE = "LIVESTREAM_RESTARTED";

/** What a restart must not change, so that links stay valid. */
export interface Handover {
  /** The secret that opens the studio. */
  readonly adminToken: string;
  /** The port that the server got, even if it asked for any free one. */
  readonly port: number;
  /** Whether the channel was off air: a restart must not show the camera. */
  readonly offAir: boolean;
  /** The number of restarts in a row, including this one. */
  readonly restarts: number;
}

/** How many restarts in a row need no pause. */
const FREE_RESTARTS = 3;
/** The pause before each further one. Milliseconds. */
const PAUSE_MS = 60_000;
/** How long a run must last for the next restart to count as the first. Milliseconds. */
const STEADY_MS = 10 * 60_000;

/** Returns the value for {@linkcode HANDOVER_VARIABLE}. */
export function writeHandover(handover: Handover): string {
  return JSON.stringify(handover);
}

/** Returns how long to wait before the restart with this number in a row. Milliseconds. */
export function pauseBefore(restarts: number): number {
  return restarts > FREE_RESTARTS ? PAUSE_MS : 0;
}

/**
 * Returns the number of restarts in a row, including the next one.
 *
 * @param before The number of restarts in a row so far.
 * @param ranForMs How long the process ran that is now stuck. Milliseconds.
 */
export function countRestart(before: number, ranForMs: number): number {
  return ranForMs >= STEADY_MS ? 1 : before + 1;
}
