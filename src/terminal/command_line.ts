import { Command, CommanderError, Option } from "commander";
import config from "../../deno.json" with { type: "json" };
import { UserError } from "../errors.ts";
import { showWord } from "../source_address.ts";
import {
  defaultTextOf,
  environmentNameOf,
  flagOf,
  type OptionDefinition,
} from "./option_definition.ts";
import { OPTION_NAMES, type OptionName, OPTIONS, type OptionValues } from "./option_table.ts";

/** What a command line contains. */
export interface CommandLine {
  /** To run with this. */
  readonly action: "run";
  /** The value of every option: that of its flag, or the default. */
  readonly values: OptionValues;
  /** The options whose flags were given. */
  readonly given: ReadonlySet<OptionName>;
  /** The words that are neither a flag nor its value. */
  readonly words: readonly string[];
}

/** The help or the version, if the command line asks for them. */
export interface TextToPrint {
  /** To print this, and exit with 0. */
  readonly action: "print";
  /** Ends with a line end. */
  readonly text: string;
}

/**
 * Reads a command line.
 *
 * @param args What follows the program's name.
 * @throws {UserError} A flag is unknown, or has no value or an invalid one.
 */
export function readCommandLine(args: readonly string[]): CommandLine | TextToPrint {
  const printed: string[] = [];
  const command = buildCommand((text) => printed.push(text));
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { action: "print", text: printed.join("") };
    throw new UserError(sentenceOf(error), 2);
  }
  const given = new Set(
    OPTION_NAMES.filter((name) => command.getOptionValueSource(name) === "cli"),
  );
  return { action: "run", values: command.opts<OptionValues>(), given, words: command.args };
}

/**
 * Builds the commander command that knows every flag. It never prints by itself and never exits.
 *
 * @param print Receives the help or the version, if the command line asks for them.
 */
function buildCommand(print: (text: string) => void): Command {
  const command = new Command("livestream")
    .usage("[port] [options]")
    .description("Streams your webcam to every browser on the network.")
    .argument("[port]", "the same as --port")
    .version(
      `${config.version} (Deno ${Deno.version.deno})`,
      "-V, --version",
      "print the version and exit",
    )
    .helpOption("-h, --help", "print this help and exit")
    .addHelpText("after", EXAMPLES)
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({
      // One flag a line with its explanation below it stays readable at 80 columns.
      optionTerm: (option) => (option.short ? "" : "    ") + option.flags,
      optionDescription: (option) => option.description,
    });
  for (const name of OPTION_NAMES) {
    command.addOption(buildOption(name, OPTIONS[name] as OptionDefinition));
  }
  return command;
}

/**
 * Reads the text of a value.
 *
 * @param subject What takes the value, for the error message: a flag or a variable.
 * @throws {UserError} The option does not take it.
 */
export function readValue<T>(subject: string, option: OptionDefinition<T>, text: string): T {
  const { read, mustBe, isSecret, isPublic } = option;
  const value = read(text);
  if (value !== undefined) return value;
  const shown = isPublic ? JSON.stringify(text) : quote([text]);
  throw new UserError(`${subject} must be ${mustBe}${isSecret ? "" : `: ${shown}`}`, 2);
}

/** Returns commander's `error: …\n(Did you mean …?)` in the form of our own messages. */
function sentenceOf({ code, message }: CommanderError): string {
  if (code === "commander.optionMissingArgument") {
    return `Give ${/--[a-z-]+/.exec(message)} a value: see livestream --help`;
  }
  // What follows an unknown flag may be secret: `--soruce=rtsp://…`, `-Irtsp://…`.
  const said = message.replace(/^(error: unknown option '(?:--[\w-]*|-[^-]?)).*'/s, "$1'");
  const [, problem = "", hint] = /^error: u(.*?)(?:\n\(D(.*)\))?$/s.exec(said) ?? [];
  const sentence = problem.replaceAll("'", '"').replace(/\s+/g, " ");
  return `U${sentence}: ${hint ? `d${hint}` : "see livestream --help"}`;
}

/** Quotes words of the command line, without what may be secret in them. */
export function quote(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(showWord(text))).join(" ");
}

function buildOption(name: OptionName, definition: OptionDefinition): Option {
  const { short, value: placeholder, initial, help } = definition;
  const flag = flagOf(name, definition);
  const flags = `${short ? `-${short}, ` : ""}${flag}${placeholder ? ` <${placeholder}>` : ""}`;
  const defaultText = defaultTextOf(definition);
  const notes = [defaultText && `default: ${defaultText}`, environmentNameOf(name)].filter(Boolean);
  const option = new Option(flags, `${help} (${notes.join("; ")})`).default(initial);
  if (!placeholder) return option;
  return option.argParser((text, previous) => {
    const value = readValue(flag, definition, refuseFlag(flag, text));
    // A list may be given in pieces.
    return Array.isArray(value) ? [...previous as unknown[], ...value] : value;
  });
}

/** Returns the text, unless it is a flag: commander takes one for the value if that was forgotten. */
function refuseFlag(flag: string, text: string): string {
  if (text.startsWith("--")) throw new UserError(`Give ${flag} a value before ${quote([text])}`, 2);
  return text;
}

const EXAMPLES = `
A flag overrides its environment variable, which overrides the default.

Examples:
  livestream                                the first camera, on port 8081
  livestream 9000 --source test             a test picture, on port 9000
  livestream -i /dev/video2 -r 1920x1080    that camera, in full HD
  livestream -i rtsp://10.0.0.7/live        a network camera
  livestream -i party.mp4 --uplink 20mbit   a file; viewers share 20 Mbit/s
  livestream --list-devices                 the cameras and microphones
`;
