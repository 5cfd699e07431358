import type { Tampering } from "./file_watch.ts";

/** Why SQLite failed, as far as someone can do something about it. */
export type Failure =
  | "full"
  | "read-only"
  | "locked"
  | "damaged"
  | "unreachable"
  | Tampering
  | "closed";

/** Someone removed or truncated the data file while it was in use. */
export class TamperingError extends Error {
  /** Always `TamperingError`. */
  override readonly name = "TamperingError";
  /** What happened to the file. */
  readonly tampering: Tampering;

  /** Makes an error that says what happened to the file. */
  constructor(tampering: Tampering) {
    super(REASONS[tampering]);
    this.tampering = tampering;
  }
}

/**
 * SQLite's own texts (sqlite3ErrStr in its main.c). They have not changed in decades, and
 * `node:sqlite` gives error numbers for some calls only.
 */
const TEXTS: readonly (readonly [RegExp, Failure])[] = [
  [/database or disk is full/, "full"],
  [/readonly database/, "read-only"],
  [/database (table )?is locked/, "locked"],
  // No count ever gets too large for a number, so such a value is damage.
  [
    /not a database|is malformed|malformed database schema|no such (table|column)|too large to be/,
    "damaged",
  ],
  [/unable to open database file|disk I\/O error|locking protocol/, "unreachable"],
  [/database is not open|has been finalized/, "closed"],
];

const REASONS: Readonly<Record<Failure, string>> = {
  "full": "the disk is full",
  "read-only": "there is no permission to write to the data file",
  "locked": "another program is using the data file",
  "damaged": "the data file is damaged",
  "unreachable": "the data file cannot be reached",
  "removed": "the data file was removed; the next start creates a new one",
  "cut": "another program truncated the data file; the next start uses what is left of it",
  "closed": "the server is shutting down",
};

/** Returns what went wrong in `node:sqlite` or with its file; `null` for any other error. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof TamperingError) return error.tampering;
  if (!isOfSqlite(error)) return null;
  return TEXTS.find(([text]) => text.test(error.message))?.[1] ?? null;
}

/** Returns whether `node:sqlite` may have thrown it; system errors have a code too. */
export function isOfSqlite(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}

/** Returns a failure in words, to follow a colon. */
export function reasonOfFailure(failure: Failure): string {
  return REASONS[failure];
}
