/** The levels of messages, lowest first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Values logged with a message, such as `{ viewers: 12 }`. The address of a viewer belongs in `client`
 * and nowhere else: the log masks it there.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** One message with its values. */
export interface LogEntry {
  /** How important it is. */
  readonly level: LogLevel;
  /** A sentence without a final period. */
  readonly message: string;
  /** What belongs to the message. */
  readonly fields: LogFields;
}
