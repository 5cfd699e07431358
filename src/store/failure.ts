/** Why SQLite could not do something, as far as anybody can mend it. */
export type Failure =
  | "full"
  | "read-only"
  | "locked"
  | "damaged"
  | "unreachable"
  | "removed"
  | "closed";

/** The data file is no longer where it was. */
export class RemovedError extends Error {
  override readonly name = "RemovedError";
}

/**
 * SQLite's own texts (sqlite3ErrStr in its main.c). They have not changed in decades, and
 * `node:sqlite` gives the number of an error for some calls only.
 */
const TEXTS: readonly (readonly [RegExp, Failure])[] = [
  [/database or disk is full/, "full"],
  [/readonly database/, "read-only"],
  [/database (table )?is locked/, "locked"],
  // Nothing is counted so far that a number could not be represented.
  [
    /not a database|is malformed|malformed database schema|no such (table|column)|too large to be/,
    "damaged",
  ],
  [/unable to open database file|disk I\/O error|locking protocol/, "unreachable"],
  [/database is not open|has been finalized/, "closed"],
];

const REASONS: Readonly<Record<Failure, string>> = {
  "full": "the disk is full",
  "read-only": "the data file may not be written to",
  "locked": "another program is using the data file",
  "damaged": "the data file is damaged",
  "unreachable": "the data file cannot be reached",
  "removed": "the data file was removed; a new one is begun at the next start",
  "closed": "the server is ending",
};

/** What went wrong in `node:sqlite` or with its file; `null` for errors that are no fault of these. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof RemovedError) return "removed";
  if (!isOfSqlite(error)) return null;
  return TEXTS.find(([text]) => text.test(error.message))?.[1] ?? null;
}

/** Whether `node:sqlite` may have thrown it; what the system says has such a code too. */
export function isOfSqlite(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}

/** A failure in words, to stand after a colon. */
export function reasonOfFailure(failure: Failure): string {
  return REASONS[failure];
}
