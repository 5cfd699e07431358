import type { Logger } from "../../src/log/log.ts";
import type { LogFields } from "../../src/log/entry.ts";

/** A logger that keeps what it is told, for tests to look at. */
export interface RecordingLog extends Logger {
  /** Each message after its level: `warn: The disk is full`. */
  readonly lines: string[];
  /** What stood beside each message. */
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
