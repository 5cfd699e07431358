import type { Logger } from "../../src/log/log.ts";
import type { LogFields } from "../../src/log/entry.ts";

/** A logger that records its messages for tests. */
export interface RecordingLog extends Logger {
  /** Each message with its level: `warn: The disk is full`. */
  readonly lines: string[];
  /** The fields of each message. */
  readonly fields: LogFields[];
}

export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  const fields: LogFields[] = [];
  const at = (level: string) => (message: string, beside: LogFields = {}) => {
    lines.push(`${level}: ${message}`);
    fields.push(beside);
  };
  const levels = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { ...levels, lines, fields };
}
