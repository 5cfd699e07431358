/**
 * How a test file uses the machine:
 * - `busy` tests need the processor, and do not depend on time. They run with a lower priority.
 * - `quiet` tests mostly wait, and depend on time. They run beside busy ones.
 * - `measuring` tests run while no other does.
 */
export type Kind = "busy" | "quiet" | "measuring";

/** Test files that one process runs. */
export interface Job {
  readonly kind: Kind;
  readonly files: readonly string[];
}

/**
 * Returns the waiting job to start now, or `undefined` if none may start beside those that run.
 *
 * @param cores The most jobs of a kind that run at once.
 */
export function nextJob(
  waiting: readonly Job[],
  running: readonly Job[],
  cores: number,
): Job | undefined {
  if (running.some(({ kind }) => kind === "measuring")) return undefined;
  const hasRoom = (kind: Kind) => running.filter((job) => job.kind === kind).length < cores;
  return waiting.find(({ kind }) => kind !== "measuring" && hasRoom(kind)) ??
    // These come last, or they would keep the others waiting.
    (running.length === 0 ? waiting[0] : undefined);
}
