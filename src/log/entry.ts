export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Values told beside a message, such as `{ viewers: 12 }`. A viewer's address is told as `client`
 * and nowhere else: there it is masked.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Something told to the log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}
