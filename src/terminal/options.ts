import { Command, CommanderError, Option } from "commander";
import config from "../../deno.json" with { type: "json" };
import type { ControlSetting } from "../camera_controls/control.ts";
import { UserError } from "../errors.ts";
import type { Rotation } from "../media/turn.ts";
import type { LogFormat, LogLevel } from "../log/log.ts";
import {
  defaultTextOf,
  environmentNameOf,
  flagOf,
  type Name,
  NAMES,
  type Setting,
  SETTINGS,
  type TlsMode,
  type Values,
} from "./option_table.ts";
import { showWord } from "../source_address.ts";
import type { CodecName } from "../transcode/codec.ts";

/** What the streamer chose, every value checked and filled in. */
export interface Options {
  /** TCP port to listen on; 0 takes any free one. */
  readonly port: number;
  /** Address or name to listen on. */
  readonly host: string;
  /** `auto`, `test`, a camera, a file or a URL, as the streamer wrote it. */
  readonly source: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly fps: number;
  /** Whether the streamer gave `fps`, rather than that it is the default. */
  readonly isFpsGiven: boolean;
  /** Camera controls to set. */
  readonly control: readonly ControlSetting[];
  /** Degrees clockwise by which frames are turned. */
  readonly rotate: Rotation;
  /** Whether frames are mirrored left to right, after they are turned. */
  readonly flip: boolean;
  /** What all viewers share, in bits per second; `null` sets no limit. */
  readonly uplink: number | null;
  readonly maxViewers: number;
  /** Viewers at one time from one address. */
  readonly maxPerAddress: number;
  readonly codec: CodecName;
  /** Threads that re-encode pictures. */
  readonly workers: number;
  readonly title: string;
  /** Whether to start off air, whatever was kept. */
  readonly offAir: boolean;
  /** The file that chat and donations are kept in, `:memory:` for none; `null`: the usual place. */
  readonly data: string | null;
  /** Where viewers can pay; `null` for nowhere. */
  readonly donateUrl: string | null;
  /** What opens the studio; `null` for one that is made at start. */
  readonly adminToken: string | null;
  /** What viewers have to enter; `null` lets everyone in. */
  readonly password: string | null;
  /** Files for HTTPS, both or none of them. */
  readonly cert: string | null;
  readonly key: string | null;
  /** HTTPS without files of the streamer's own. */
  readonly tls: TlsMode | null;
  /** Names, in small letters, that viewers may open the page by besides the usual ones. */
  readonly allowHost: readonly string[];
  /** Addresses and ranges whose X-Forwarded headers are believed. */
  readonly trustedProxy: readonly string[];
  /** The path under which a proxy serves the pages; begins and ends with `/`. */
  readonly basePath: string;
  /** Origins whose pages may embed the stream. */
  readonly allowOrigin: readonly string[];
  /** The ffmpeg program: a name to find on the PATH, or a path. */
  readonly ffmpeg: string;
  /** Whether to list the cameras and end. */
  readonly listDevices: boolean;
  /** Whether to print a systemd unit and end. */
  readonly printSystemdUnit: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** What a command line asks for: to run with these options, or to print this text and exit with 0. */
export type ParsedCommand =
  | { readonly action: "run"; readonly options: Options }
  | { readonly action: "print"; readonly text: string };

/**
 * Reads a command line. A flag wins over the environment, which wins over the default; an empty
 * variable counts as none.
 *
 * @param args What follows the program's name.
 * @param env The environment; only names that begin with `LIVESTREAM_` are looked at.
 * @throws {UserError} With exit code 2 and one sentence that says what to write instead.
 */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedCommand {
  const printed: string[] = [];
  const command = buildCommand((text) => printed.push(text));
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { action: "print", text: printed.join("") };
    throw new UserError(inOneSentence(error), 2);
  }
  const { resolution, ...values } = resolve(command, env);
  const isFpsGiven = command.getOptionValueSource("fps") !== "default";
  return { action: "run", options: { ...values, ...resolution, isFpsGiven } };
}

function resolve(command: Command, env: Readonly<Record<string, string | undefined>>): Values {
  const values = command.opts<Values>();
  if (command.args.length > 1) {
    throw new UserError(`Give one port and put a flag before all else: ${quote(command.args)}`, 2);
  }
  const [port] = command.args;
  if (port !== undefined) {
    if (command.getOptionValueSource("port") === "cli") {
      throw new UserError(`Give the port once, not as ${values.port} and as ${quote([port])}`, 2);
    }
    command.setOptionValueWithSource("port", check("The port", SETTINGS.port, port), "cli");
  }
  for (const name of NAMES) {
    const text = env[environmentNameOf(name)];
    if (text && command.getOptionValueSource(name) === "default") {
      const value = check(environmentNameOf(name), SETTINGS[name] as Setting, text);
      command.setOptionValueWithSource(name, value, "env");
    }
  }
  return agreeing(command.opts<Values>());
}

/** Refuses what is sound by itself but not together. */
function agreeing(values: Values): Values {
  const { cert, key, tls } = values;
  if ((cert === null) !== (key === null)) {
    throw new UserError("Give --cert and --key together: one is of no use without the other", 2);
  }
  if (cert !== null && tls !== null) {
    throw new UserError("Give either --cert and --key or --tls: each brings a certificate", 2);
  }
  return values;
}

function check<T>(subject: string, setting: Setting<T>, text: string): T {
  const { read, takes, isSecret, isPublic } = setting;
  const value = read(text);
  if (value !== undefined) return value;
  const shown = isPublic ? JSON.stringify(text) : quote([text]);
  throw new UserError(`${subject} takes ${takes}${isSecret ? "" : `: ${shown}`}`, 2);
}

/** The commander command that knows the flags; it prints by `print` alone and never exits. */
function buildCommand(print: (text: string) => void): Command {
  const command = new Command("livestream")
    .usage("[port] [options]")
    .description("Shows your webcam to every browser on the network.")
    .argument("[port]", "the same as --port")
    .version(
      `${config.version} (Deno ${Deno.version.deno})`,
      "-V, --version",
      "print the versions of the program and of its Deno, and exit",
    )
    .helpOption("-h, --help", "print this help and end")
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
  for (const name of NAMES) command.addOption(buildOption(name, SETTINGS[name] as Setting));
  return command;
}

function buildOption(name: Name, setting: Setting): Option {
  const { short, value, initial, help } = setting;
  const flag = flagOf(name);
  const flags = `${short ? `-${short}, ` : ""}${flag}${value ? ` <${value}>` : ""}`;
  const defaultText = defaultTextOf(setting);
  const notes = [defaultText && `default: ${defaultText}`, environmentNameOf(name)].filter(Boolean);
  const option = new Option(flags, `${help} (${notes.join("; ")})`).default(initial);
  if (!value) return option;
  return option.argParser((text, previous) => {
    const value = check(flag, setting, refuseFlag(flag, text));
    // A list may be given piece by piece.
    return Array.isArray(value) ? [...previous as unknown[], ...value] : value;
  });
}

/** Commander takes whatever comes next for the value, even where it was forgotten. */
function refuseFlag(flag: string, text: string): string {
  if (text.startsWith("--")) throw new UserError(`Give ${flag} a value before ${quote([text])}`, 2);
  return text;
}

/** Commander's `error: …\n(Did you mean …?)` in the form of our own messages. */
function inOneSentence({ code, message }: CommanderError): string {
  if (code === "commander.optionMissingArgument") {
    return `Give ${/--[a-z-]+/.exec(message)} a value: see livestream --help`;
  }
  // What follows an unknown flag may be secret: `--soruce=rtsp://…`, `-Irtsp://…`.
  const said = message.replace(/^(error: unknown option '(?:--[\w-]*|-[^-]?)).*'/s, "$1'");
  const [, problem = "", hint] = /^error: u(.*?)(?:\n\(D(.*)\))?$/s.exec(said) ?? [];
  const sentence = problem.replaceAll("'", '"').replace(/\s+/g, " ");
  return `U${sentence}: ${hint ? `d${hint}` : "see livestream --help"}`;
}

const EXAMPLES = `
A flag wins over its environment variable, which wins over the default.

Examples:
  livestream                                the first camera, on port 8081
  livestream 9000 --source test             a test picture, on port 9000
  livestream -i /dev/video2 -r 1920x1080    that camera, in full HD
  livestream -i rtsp://10.0.0.7/live        a network camera
  livestream -i party.mp4 --uplink 20mbit   a file; viewers share 20 Mbit/s
  livestream --list-devices                 the cameras of this machine
`;

function quote(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(showWord(text))).join(" ");
}
