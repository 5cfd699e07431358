/** Tests of a commit that passed only when their file ran again alone. */
export interface FlakyRecord {
  readonly commit: string;
  readonly tests: readonly string[];
}

/** What a run adds to the record. */
export interface FlakyRun {
  readonly commit: string;
  /** All tests that ran. */
  readonly ran: readonly string[];
  /** Those that needed a second try. */
  readonly flaky: readonly string[];
}

/**
 * Returns the record after a run, and the tests that needed a second try in the last run of the same
 * commit as well.
 */
export function recordRun(
  before: FlakyRecord | undefined,
  { commit, ran, flaky }: FlakyRun,
): { record: FlakyRecord; repeated: string[] } {
  const known = before?.commit === commit ? before.tests : [];
  const kept = known.filter((test) => !ran.includes(test));
  return {
    record: { commit, tests: [...kept, ...flaky] },
    repeated: flaky.filter((test) => known.includes(test)),
  };
}
