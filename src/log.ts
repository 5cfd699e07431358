export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Values told beside a message, such as `{ viewers: 12 }`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What any part needs to tell the streamer something. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogOptions {
  /** Messages below this level are not written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one line with its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

const encoder = new TextEncoder();

function writeToStandardError(line: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(line));
  } catch {
    // A closed or full standard error must not stop the stream, and there is nowhere left to tell it.
  }
}

/** A logger that writes one line a message, for people (`text`) or programs (`json`). */
export function createLogger(options: LogOptions): Logger {
  const { level, format, write = writeToStandardError, now = Date.now } = options;
  const lowest = LOG_LEVELS.indexOf(level);
  const render = format === "json" ? renderJson : renderText;
  const at = (messageLevel: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(messageLevel) >= lowest) {
      write(render(new Date(now()), messageLevel, message, fields) + "\n");
    }
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function renderJson(time: Date, level: LogLevel, message: string, fields: LogFields): string {
  return JSON.stringify({ time: time.toISOString(), level, message, ...fields });
}

function renderText(time: Date, level: LogLevel, message: string, fields: LogFields): string {
  const clock = time.toTimeString().slice(0, 8);
  const mark = level === "info" ? "" : `${level}: `;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${showValue(value)}`).join("");
  return `${clock} ${mark}${message}${rest}`;
}

function showValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  return /^[^\s="]+$/.test(text) ? text : JSON.stringify(text);
}
