import { UserError } from "../errors.ts";
import {
  buildCommand,
  type Command,
  CommanderError,
  quote,
  readValue,
  sentenceOf,
} from "./command.ts";
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

/**
 * What was given for each option, word for word, in the order of the table. Only a list can have
 * several texts; of any other option given twice, the last counts. A switch has the text `yes`.
 */
export type GivenOptions = ReadonlyMap<OptionName, readonly string[]>;

/** What a command line asks for: to run with these options, or to print this text and exit with 0. */
export type ParsedCommand =
  | { readonly action: "run"; readonly options: Options; readonly given: GivenOptions }
  | { readonly action: "print"; readonly text: string };

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
  const printed: string[] = [];
  const texts = new Map<OptionName, string[]>();
  const command = buildCommand({
    print: (text) => printed.push(text),
    onText(name, text) {
      const isList = Array.isArray(OPTIONS[name].initial);
      texts.set(name, [...(isList ? texts.get(name) ?? [] : []), text]);
    },
  });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { action: "print", text: printed.join("") };
    throw new UserError(sentenceOf(error), 2);
  }
  addPort(command, texts);
  const given = addEnvironment(command, texts, env);
  const { resolution, ...values } = checkTogether(command.opts<OptionValues>());
  return {
    action: "run",
    options: { ...values, ...resolution, isFpsGiven: given.has("fps") },
    given,
  };
}

/** Takes the port that stands alone, as in `livestream 9000`. */
function addPort(command: Command, texts: Map<OptionName, string[]>): void {
  if (command.args.length > 1) {
    throw new UserError(`Give one port and put a flag before all else: ${quote(command.args)}`, 2);
  }
  const [port] = command.args;
  if (port === undefined) return;
  if (texts.has("port")) {
    const { port: flagged } = command.opts<OptionValues>();
    throw new UserError(`Give the port once, not as ${flagged} and as ${quote([port])}`, 2);
  }
  command.setOptionValueWithSource("port", readValue("The port", OPTIONS.port, port), "cli");
  texts.set("port", [port]);
}

/** Reads the variables of the options that the command line left out. */
function addEnvironment(
  command: Command,
  texts: ReadonlyMap<OptionName, readonly string[]>,
  env: EnvironmentVariables,
): GivenOptions {
  const given = new Map<OptionName, readonly string[]>();
  for (const name of OPTION_NAMES) {
    const variable = environmentNameOf(name);
    const text = env[variable];
    if (command.getOptionValueSource(name) === "cli") {
      given.set(name, texts.get(name) ?? ["yes"]);
    } else if (text) {
      const value = readValue(variable, OPTIONS[name] as OptionDefinition, text);
      command.setOptionValueWithSource(name, value, "env");
      given.set(name, [text]);
    }
  }
  return given;
}

/** Refuses values that are valid one by one but not together. */
function checkTogether(values: OptionValues): OptionValues {
  const { cert, key, tls } = values;
  if ((cert === null) !== (key === null)) {
    throw new UserError("Give --cert and --key together: one is of no use without the other", 2);
  }
  if (cert !== null && tls !== null) {
    throw new UserError("Give either --cert and --key or --tls: each brings a certificate", 2);
  }
  return values;
}
