import { LOG_LEVELS, type LogEntry, type LogFields, type LogLevel } from "./entry.ts";
import { Masks } from "./masks.ts";
import { type Plain, plainText, plainValue } from "./plain.ts";
import { Repeats } from "./repeats.ts";

export { LOG_LEVELS, type LogFields, type LogLevel };

export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What any part needs to tell the streamer something. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** The program's log. */
export interface Log extends Logger {
  /** Messages so far, those included that were held back as repeats. */
  readonly counts: Readonly<Record<LogLevel, number>>;
  /** Takes this text out of every line from now on. */
  hide(secret: string): void;
  /** Writes what was held back and is due. To be called now and then. */
  settle(): void;
  /** Writes all that was held back; for the end. */
  flush(): void;
}

export interface LogOptions {
  /** Messages below this level are not written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one line with its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic?: () => number;
}

const encoder = new TextEncoder();

function writeToStandardError(line: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(line));
  } catch {
    // A closed or full standard error must not stop the stream, and there is nowhere left to tell it.
  }
}

/**
 * A log of one line a message, for people (`text`) or programs (`json`).
 *
 * Secrets are masked: those that were told by `hide`, and what looks like one. The addresses of
 * viewers are, but at level `debug`. What controls a terminal is escaped, what is long is cut, what
 * repeats itself is counted instead, unless it is of level `debug`.
 */
export function createLogger(options: LogOptions): Log {
  const { level, format, write = writeToStandardError, now = Date.now } = options;
  const { monotonic = () => performance.now() } = options;
  const lowest = LOG_LEVELS.indexOf(level);
  const counts = { debug: 0, info: 0, warn: 0, error: 0 };
  const masks = new Masks({ showsAddresses: level === "debug" });
  const repeats = new Repeats(monotonic);
  const render = format === "json" ? renderJson : renderText;

  const writeAll = (entries: readonly LogEntry[]) => {
    for (const entry of entries) write(render(new Date(now()), entry, masks) + "\n");
  };
  const at = (messageLevel: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(messageLevel) < lowest) return;
    counts[messageLevel]++;
    const entry = { level: messageLevel, message, fields };
    writeAll(messageLevel === "debug" ? [entry] : repeats.take(entry));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    counts,
    hide: (secret) => masks.hide(secret),
    settle: () => writeAll(repeats.settle()),
    flush: () => writeAll(repeats.flush()),
  };
}

/**
 * What a terminal, or whoever reads lines, could take for more than text: control characters, line
 * separators, marks that turn the direction of writing, halves of characters.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** The text with such characters as JSON writes them. */
function escape(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderJson(time: Date, { level, message, fields }: LogEntry, masks: Masks): string {
  const told = plainFields(fields, masks);
  const head = { time: time.toISOString(), level, message: plainText(message, masks) };
  // Once more behind the fields, which must not stand for them.
  return escape(JSON.stringify({ ...head, ...Object.fromEntries(told), ...head }));
}

function renderText(time: Date, { level, message, fields }: LogEntry, masks: Masks): string {
  const clock = time.toTimeString().slice(0, 8);
  const mark = level === "info" ? "" : `${level}: `;
  const rest = plainFields(fields, masks).map(([name, value]) => ` ${name}=${showValue(value)}`);
  return escape(`${clock} ${mark}${plainText(message, masks)}${rest.join("")}`);
}

function plainFields(fields: LogFields, masks: Masks): [string, Plain | undefined][] {
  return Object.entries(fields).map(([name, value]) => [name, plainValue(name, value, masks)]);
}

function showValue(value: Plain | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  return /^[^\s="]+$/.test(text) ? text : JSON.stringify(text);
}
