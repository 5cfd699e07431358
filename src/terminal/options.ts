import { UserError } from "../errors.ts";
import {
  type CommandLine,
  quote,
  readCommandLine,
  readValue,
  type TextToPrint,
} from "./command_line.ts";
import { environmentNameOf, type OptionDefinition } from "./option_definition.ts";
import { OPTION_NAMES, type OptionName, OPTIONS, type OptionValues } from "./option_table.ts";

/** What the streamer chose: the value of every option, checked, and what follows from it. */
export interface Options extends Omit<OptionValues, "resolution"> {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Whether the streamer set `fps`, even to its default. */
  readonly isFpsGiven: boolean;
}

/** What a command line asks for: to run with these options, or to print this text and exit with 0. */
export type ParsedCommand =
  | { readonly action: "run"; readonly options: Options }
  | TextToPrint;

/** Environment variables by their names. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * Reads a command line. A flag overrides the environment, which overrides the default; an empty
 * variable counts as none.
 *
 * @param args What follows the program's name.
 * @param env The environment; only names that begin with `LIVESTREAM_` are read.
 * @throws {UserError} With exit code 2 and one sentence that says what to write instead.
 */
export function parseOptions(args: readonly string[], env: EnvironmentVariables): ParsedCommand {
  const line = readCommandLine(args);
  if (line.action === "print") return line;
  const port = lonePortOf(line);
  const given = new Set(line.given);
  const values: Partial<Record<OptionName, unknown>> = { ...line.values };
  if (port !== null) {
    values.port = readValue("The port", OPTIONS.port, port);
    given.add("port");
  }
  for (const name of OPTION_NAMES) {
    const variable = environmentNameOf(name);
    const text = env[variable];
    if (given.has(name) || !text) continue;
    values[name] = readValue(variable, OPTIONS[name] as OptionDefinition, text);
    given.add(name);
  }
  const { resolution, ...rest } = checkTogether(values as OptionValues);
  const options = { ...rest, ...resolution, isFpsGiven: given.has("fps") };
  return { action: "run", options };
}

/** Returns the port that stands alone, as in `livestream 9000`; `null` if there is none. */
function lonePortOf({ words, given, values }: CommandLine): string | null {
  if (words.length > 1) {
    throw new UserError(
      `Unexpected arguments: ${quote(words)}. Only a port may be given without a flag`,
      2,
    );
  }
  const [port] = words;
  if (port === undefined) return null;
  if (given.has("port")) {
    throw new UserError(`Give the port only once: ${values.port}, ${quote([port])}`, 2);
  }
  return port;
}

/** Refuses values that are valid one by one but not together. */
function checkTogether(values: OptionValues): OptionValues {
  const { cert, key, tls, webhook, webhookSecret } = values;
  if (webhookSecret !== null && webhook === null) {
    throw new UserError("--webhook-secret can only be used with --webhook", 2);
  }
  if ((cert === null) !== (key === null)) {
    throw new UserError("--cert and --key must be used together", 2);
  }
  if (cert !== null && tls !== null) {
    throw new UserError("--tls cannot be used with --cert and --key", 2);
  }
  return values;
}
