import type { ControlSetting } from "../camera_controls/control.ts";
import { type Rotation, ROTATIONS } from "../media/turn.ts";
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from "../log/log.ts";
import {
  ADDRESS_RANGES,
  BASE_PATH,
  BIT_RATE,
  CONTROLS,
  HOST,
  HOST_NAMES,
  inWords,
  ONE_LINE,
  oneNumberOf,
  oneOf,
  ORIGINS,
  PASSWORD,
  RESOLUTION,
  someText,
  SWITCH,
  TOKEN,
  type ValueKind,
  WEB_ADDRESS,
  wholeNumber,
} from "./option_values.ts";
import { type CodecName, CODECS } from "../transcode/codec.ts";

/** One setting, by whichever way it is given. */
export interface Setting<T = unknown> extends ValueKind<T> {
  readonly short?: string;
  /** What stands for the value in the help; a setting without it is a switch. */
  readonly value?: string;
  readonly initial: T;
  /** The default in words, where the value does not say it. */
  readonly initialText?: string;
  readonly help: string;
  /** Whether its value is kept from whoever looks over the shoulder, or reads a log. */
  readonly isSecret?: boolean;
}

export const TLS_MODES = ["self-signed"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

function setting<T>(setting: Setting<T>): Setting<T> {
  return setting;
}

const coresLessOne = Math.max(1, navigator.hardwareConcurrency - 1);

/** Every setting, in the order of the help. The key gives both the flag and the environment name. */
export const SETTINGS = {
  port: setting({
    short: "p",
    value: "port",
    initial: 8081,
    ...wholeNumber(0, 65535),
    help: "port to listen on; 0 takes any free one",
  }),
  host: setting({
    value: "address",
    initial: "0.0.0.0",
    ...HOST,
    help: "IPv4 address, :: or localhost to listen on; 127.0.0.1 keeps the stream on this machine",
  }),
  source: setting({
    short: "i",
    value: "source",
    initial: "auto",
    ...someText("auto, test, a camera, a file or a URL"),
    help: "auto (the first camera), test, a camera, a file or a URL",
  }),
  resolution: setting({
    short: "r",
    value: "size",
    initial: { width: 1280, height: 720 },
    initialText: "1280x720",
    ...RESOLUTION,
    help: "picture size to ask the camera for",
  }),
  fps: setting({
    short: "f",
    value: "number",
    initial: 30,
    ...wholeNumber(1, 240),
    help:
      "pictures a second to ask the camera for; a snapshot address gives at most 2 unless this is " +
      "set",
  }),
  control: setting<readonly ControlSetting[]>({
    value: "name=value",
    initial: [],
    initialText: "none",
    ...CONTROLS,
    help: "camera control to set, such as brightness=128 (Linux); comma-separated",
  }),
  rotate: setting<Rotation>({
    value: "degrees",
    initial: ROTATIONS[0],
    ...oneNumberOf(ROTATIONS),
    help: `degrees to turn the picture clockwise: ${inWords(ROTATIONS.map(String))}`,
  }),
  flip: setting({
    initial: false,
    ...SWITCH,
    help: "mirror the picture left to right, after the rotation",
  }),
  uplink: setting<number | null>({
    value: "rate",
    initial: null,
    initialText: "no limit",
    ...BIT_RATE,
    help: "bandwidth that all viewers share, such as 100mbit",
  }),
  maxViewers: setting({
    value: "number",
    initial: 500,
    ...wholeNumber(1, 100_000),
    help: "viewers at one time; more are turned away",
  }),
  maxPerAddress: setting({
    value: "number",
    initial: 50,
    ...wholeNumber(1, 100_000),
    help: "viewers at one time from one address",
  }),
  codec: setting<CodecName>({
    value: "name",
    initial: CODECS[0],
    ...oneOf(CODECS),
    help: `what makes the other qualities: ${inWords(CODECS)}`,
  }),
  workers: setting({
    value: "number",
    initial: coresLessOne,
    initialText: "processor cores less one",
    ...wholeNumber(1, 64),
    help: "threads that make the other qualities",
  }),
  title: setting({
    value: "text",
    initial: "Livestream",
    ...ONE_LINE,
    help: "name shown above the stream",
  }),
  offAir: setting({
    initial: false,
    ...SWITCH,
    help: "start off air: viewers see a card until you go on air in the studio",
  }),
  data: setting<string | null>({
    value: "file",
    initial: null,
    initialText: "in your data folder",
    ...someText("a file, or :memory: to keep nothing"),
    help: "where title, chat and donations are kept; :memory: keeps nothing",
  }),
  donateUrl: setting<string | null>({
    value: "address",
    initial: null,
    initialText: "none",
    ...WEB_ADDRESS,
    help: "page where viewers can pay; linked beside Donate",
  }),
  adminToken: setting<string | null>({
    value: "token",
    initial: null,
    initialText: "a new one at each start",
    ...TOKEN,
    isSecret: true,
    help: "what opens the studio; better set by the environment",
  }),
  password: setting<string | null>({
    value: "password",
    initial: null,
    initialText: "none",
    ...PASSWORD,
    isSecret: true,
    help: "what viewers have to enter; better set by the environment",
  }),
  cert: setting<string | null>({
    value: "file",
    initial: null,
    initialText: "none",
    ...someText("a file of certificates"),
    help: "certificate for HTTPS, with those that vouch for it; PEM",
  }),
  key: setting<string | null>({
    value: "file",
    initial: null,
    initialText: "none",
    ...someText("a file with a private key"),
    help: "private key of that certificate; PEM",
  }),
  tls: setting<TlsMode | null>({
    value: "how",
    initial: null,
    initialText: "none",
    ...oneOf(TLS_MODES),
    help: "self-signed: HTTPS by a certificate that is made once and kept",
  }),
  allowHost: setting<readonly string[]>({
    value: "name",
    initial: [],
    initialText: "none",
    ...HOST_NAMES,
    help: "another name that viewers may open the page by; more by commas",
  }),
  allowOrigin: setting<readonly string[]>({
    value: "origin",
    initial: [],
    initialText: "none",
    ...ORIGINS,
    help: "site that may embed the stream, such as https://example.com; more by commas",
  }),
  trustedProxy: setting<readonly string[]>({
    value: "address",
    initial: [],
    initialText: "none",
    ...ADDRESS_RANGES,
    help:
      "proxy whose X-Forwarded-For is believed, such as 127.0.0.1 or 10.0.0.0/8; more by commas",
  }),
  basePath: setting({
    value: "path",
    initial: "/",
    ...BASE_PATH,
    help: "path under which a reverse proxy serves the pages, such as /cam",
  }),
  ffmpeg: setting({
    value: "path",
    initial: "ffmpeg",
    ...someText("the name or path of the ffmpeg program"),
    help: "the ffmpeg program to use",
  }),
  listDevices: setting({
    initial: false,
    ...SWITCH,
    help: "list the cameras and end",
  }),
  printSystemdUnit: setting({
    initial: false,
    ...SWITCH,
    help: "print a unit that runs this command line as a service, and end",
  }),
  logLevel: setting<LogLevel>({
    value: "level",
    initial: "info",
    ...oneOf(LOG_LEVELS),
    help: `lowest level to write: ${inWords(LOG_LEVELS)}`,
  }),
  logFormat: setting<LogFormat>({
    value: "format",
    initial: LOG_FORMATS[0],
    ...oneOf(LOG_FORMATS),
    help: `text for people, json for programs`,
  }),
};

type Settings = typeof SETTINGS;
export type Name = keyof Settings;
export type Values = { -readonly [K in Name]: Settings[K]["initial"] };

export const NAMES = Object.keys(SETTINGS) as Name[];

/** `maxViewers` → `--max-viewers`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `maxViewers` → `LIVESTREAM_MAX_VIEWERS`. */
export function environmentNameOf(name: string): string {
  return `LIVESTREAM_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** A setting's default as the help shows it; empty for a switch that is off. */
export function defaultTextOf({ initial, initialText }: Setting): string {
  return initialText ?? (initial === false ? "" : String(initial));
}
