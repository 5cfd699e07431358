import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { LOG_LEVELS, type LogEntry, type LogFields, type LogLevel } from "./entry.ts";
import { Masks } from "./masks.ts";
import { type Plain, plainText, plainValue } from "./plain.ts";
import { Repeats } from "./repeats.ts";

export { LOG_LEVELS, type LogFields, type LogLevel };

/** How lines are written: for people or for programs. */
export const LOG_FORMATS = ["text", "json"] as const;
/** One of {@linkcode LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What a part needs to write to the log. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** The program's log. */
export interface Log extends Logger {
  /** The number of messages so far, including those held back as repeats. */
  readonly counts: Readonly<Record<LogLevel, number>>;
  /** Masks this text in every line from now on. */
  hide(secret: string): void;
  /** Writes what was held back and is due. Call it now and then. */
  settle(): void;
  /** Writes all that was held back, before the program ends. */
  flush(): void;
}

/** Options of {@linkcode createLogger}. */
export interface LogOptions {
  /** Messages below this level are not written. */
  readonly level: LogLevel;
  /** Text or JSON. */
  readonly format: LogFormat;
  /** Writes one line, which has its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Default: the system's. */
  readonly clock?: Clock;
}

const encoder = new TextEncoder();

function writeToStandardError(line: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(line));
  } catch {
    // A closed or full standard error must not stop the stream, and there is nowhere left to report it.
  }
}

/**
 * Creates a log of one line a message, for people (`text`) or programs (`json`).
 *
 * The log masks secrets: those given to `hide`, and whatever looks like one. It masks the addresses of
 * viewers too, except at level `debug`. It escapes characters that control a terminal, cuts long
 * texts, and counts repeats instead of writing them, except those of level `debug`.
 */
export function createLogger(options: LogOptions): Log {
  const { level, format, write = writeToStandardError, clock = SYSTEM_CLOCK } = options;
  const lowest = LOG_LEVELS.indexOf(level);
  const counts = { debug: 0, info: 0, warn: 0, error: 0 };
  const masks = new Masks({ showsAddresses: level === "debug" });
  const repeats = new Repeats(clock);
  const render = format === "json" ? renderJson : renderText;

  const writeAll = (entries: readonly LogEntry[]) => {
    for (const entry of entries) write(render(new Date(clock.wall()), entry, masks) + "\n");
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
 * Characters that a terminal or a line reader could take for more than text: control characters, line
 * separators, marks that change the writing direction, lone surrogates.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** Returns the text with such characters as JSON writes them. */
function escape(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderJson(time: Date, { level, message, fields }: LogEntry, masks: Masks): string {
  const plain = plainFields(fields, masks);
  const head = { time: time.toISOString(), level, message: plainText(message, masks) };
  // Once more after the fields, which must not replace them.
  return escape(JSON.stringify({ ...head, ...Object.fromEntries(plain), ...head }));
}

function renderText(time: Date, { level, message, fields }: LogEntry, masks: Masks): string {
  const timeOfDay = time.toTimeString().slice(0, 8);
  const mark = level === "info" ? "" : `${level}: `;
  const rest = plainFields(fields, masks).map(([name, value]) => ` ${name}=${showValue(value)}`);
  return escape(`${timeOfDay} ${mark}${plainText(message, masks)}${rest.join("")}`);
}

function plainFields(fields: LogFields, masks: Masks): [string, Plain | undefined][] {
  return Object.entries(fields).map(([name, value]) => [name, plainValue(name, value, masks)]);
}

function showValue(value: Plain | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  return /^[^\s="]+$/.test(text) ? text : JSON.stringify(text);
}
