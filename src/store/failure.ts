import type { Tampering } from "./file_watch.ts";

/** Why SQLite could not do something, as far as anybody can mend it. */
export type Failure =
  | "full"
  | "read-only"
  | "locked"
  | "damaged"
  | "unreachable"
  | Tampering
  | "closed";

/** Somebody removed the data file, or cut it short, while it was in use. */
export class TamperingError extends Error {
  override readonly name = "TamperingError";
  readonly tampering: Tampering;

  constructor(tampering: Tampering) {
    super(REASONS[tampering]);
    this.tampering = tampering;
  }
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
  "cut": "another program cut the data file short; what is left of it is used at the next start",
  "closed": "the server is ending",
};

/** What went wrong in `node:sqlite` or with its file; `null` for errors that are no fault of these. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof TamperingError) return error.tampering;
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
