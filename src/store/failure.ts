/** Why SQLite could not do something, as far as anybody can mend it. */
export type Failure = "full" | "read-only" | "locked" | "damaged" | "unreachable" | "closed";

/**
 * SQLite's own texts (sqlite3ErrStr in its main.c). They have not changed in decades, and
 * `node:sqlite` gives the number of an error for some calls only.
 */
const TEXTS: readonly (readonly [RegExp, Failure])[] = [
  [/database or disk is full/, "full"],
  [/readonly database/, "read-only"],
  [/database (table )?is locked/, "locked"],
  [/not a database|is malformed|malformed database schema|no such (table|column)/, "damaged"],
  [/unable to open database file|disk I\/O error|locking protocol/, "unreachable"],
  [/database is not open|has been finalized/, "closed"],
];

const REASONS: Readonly<Record<Failure, string>> = {
  "full": "the disk is full",
  "read-only": "the data file may not be written to",
  "locked": "another program is using the data file",
  "damaged": "the data file is damaged",
  "unreachable": "the data file cannot be reached",
  "closed": "the server is ending",
};

/** What went wrong in `node:sqlite`; `null` for errors that are no fault of the disk. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return TEXTS.find(([text]) => text.test(error.message))?.[1] ?? null;
}

/** A failure in words, to stand after a colon. */
export function reasonOfFailure(failure: Failure): string {
  return REASONS[failure];
}
