import type { ControlSetting } from "../camera_controls/control.ts";
import { type Rotation, ROTATIONS } from "../media/turn.ts";
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from "../log/log.ts";
import {
  ADDRESS_RANGES,
  BASE_PATH,
  BIT_RATE,
  BYTE_SIZE,
  CONTROLS,
  CURRENCY,
  duration,
  HOST,
  HOST_NAMES,
  inWords,
  KEEP,
  MQTT_ADDRESS,
  ONE_LINE,
  oneNumberOf,
  oneOf,
  ORIGINS,
  PASSWORD,
  POST_ADDRESS,
  PUBLISH,
  RESOLUTION,
  someText,
  SOUND_BIT_RATE,
  SWITCH,
  TOKEN,
  WEB_ADDRESS,
  wholeNumber,
} from "./option_values.ts";
import { CONGESTION_CHOICES, type CongestionChoice } from "../net/connections/congestion.ts";
import { H264_CHOICES, type H264Choice } from "../consumers/encoder/encoders.ts";
import type { KeepRule } from "../consumers/recording/keep.ts";
import { RECORD_CODECS, type RecordCodec } from "../consumers/recording/record_codec.ts";
import type { MqttAddress } from "../integrations/mqtt_address.ts";
import type { RecordingRule } from "../live_messages.ts";
import type { OptionDefinition } from "./option_definition.ts";
import { type CodecName, CODECS } from "../transcode/codec.ts";

/** What can be recorded, the usual first. */
export const RECORDING_RULES = [
  "always",
  "motion",
  "off",
] as const satisfies readonly RecordingRule[];

/** How HTTPS can be had without files of the streamer's own. */
export const TLS_MODES = ["self-signed"] as const;
/** One of {@linkcode TLS_MODES}. */
export type TlsMode = (typeof TLS_MODES)[number];

function option<T>(definition: OptionDefinition<T>): OptionDefinition<T> {
  return definition;
}

const coresLessOne = Math.max(1, navigator.hardwareConcurrency - 1);

/**
 * Every option, in the order of the help. An option is added here and nowhere else: its key gives the
 * flag, the environment variable and the member of `Options`.
 */
export const OPTIONS = {
  port: option({
    short: "p",
    value: "port",
    initial: 8081,
    ...wholeNumber(0, 65535),
    help: "port to listen on; 0 picks a free one",
  }),
  host: option({
    value: "address",
    initial: "0.0.0.0",
    ...HOST,
    help: "IPv4 address, :: or localhost to listen on; 127.0.0.1 keeps the stream on this machine",
  }),
  source: option({
    short: "i",
    value: "source",
    initial: "auto",
    ...someText("auto, test, a camera, a file or a URL"),
    help: "auto (the first camera), test, a camera, a file or a URL",
  }),
  resolution: option({
    short: "r",
    value: "size",
    initial: { width: 1280, height: 720 },
    initialText: "1280x720",
    ...RESOLUTION,
    help: "picture size to request from the camera",
  }),
  fps: option({
    short: "f",
    value: "number",
    initial: 30,
    ...wholeNumber(1, 240),
    help:
      "frames per second to request from the camera; a snapshot URL is fetched at most twice a second " +
      "unless this is set",
  }),
  control: option<readonly ControlSetting[]>({
    value: "name=value",
    initial: [],
    initialText: "none",
    ...CONTROLS,
    help: "camera controls to set, such as brightness=128 (Linux only); comma-separated",
  }),
  rotate: option<Rotation>({
    value: "degrees",
    initial: ROTATIONS[0],
    ...oneNumberOf(ROTATIONS),
    help: `degrees to turn the picture clockwise: ${inWords(ROTATIONS.map(String))}`,
  }),
  flip: option({
    initial: false,
    ...SWITCH,
    help: "mirror the picture left to right, after the rotation",
  }),
  sound: option({
    value: "source",
    initial: "off",
    ...someText("off, auto, a microphone, a file or a URL"),
    help: "off, auto (the source's own, or a microphone), a microphone, a file or a URL",
  }),
  soundBitrate: option({
    value: "rate",
    initial: 48_000,
    initialText: "48k",
    ...SOUND_BIT_RATE,
    help: "bit rate of the sound, from 6k to 256k",
  }),
  soundDelay: option({
    value: "ms",
    initial: 0,
    ...wholeNumber(-1000, 1000),
    help: "milliseconds to delay the sound against the picture, or to advance it if negative",
  }),
  soundOnDemand: option({
    initial: false,
    ...SWITCH,
    help: "open the microphone only while somebody listens",
  }),
  uplink: option<number | null>({
    value: "rate",
    initial: null,
    initialText: "no limit",
    ...BIT_RATE,
    help: "total bandwidth for all viewers, such as 100mbit",
  }),
  congestion: option<CongestionChoice>({
    value: "choice",
    initial: CONGESTION_CHOICES[0],
    ...oneOf(CONGESTION_CHOICES),
    help: "congestion control of streams: auto (BBR where available) or system; Linux only",
  }),
  h264: option<H264Choice>({
    value: "encoder",
    initial: H264_CHOICES[0],
    ...oneOf(H264_CHOICES),
    help: "H.264 for slow links: auto, off, or the name of the encoder that ffmpeg is to use",
  }),
  record: option<string | null>({
    value: "folder",
    initial: null,
    initialText: "none",
    ...someText("a folder"),
    help: "folder to record into; it is created if there is none",
  }),
  recordWhen: option<RecordingRule>({
    value: "when",
    initial: RECORDING_RULES[0],
    ...oneOf(RECORDING_RULES),
    help:
      "what to record: always, motion (with 5 s before and after it), or off (until you start it in the studio)",
  }),
  recordCodec: option<RecordCodec>({
    value: "codec",
    initial: RECORD_CODECS[0],
    ...oneOf(RECORD_CODECS),
    help: "how to record: h264 (MP4), or copy (the camera's own JPEGs, as Matroska)",
  }),
  keep: option<KeepRule | null>({
    value: "limit",
    initial: null,
    initialText: "everything",
    ...KEEP,
    help: "recordings to keep, as a size or an age: 20gb, 7d or 20gb,7d; older ones are deleted",
  }),
  hls: option({
    initial: false,
    ...SWITCH,
    help: "serve HLS too, at /hls/live.m3u8 and /hls/, which caches and CDNs can multiply",
  }),
  publish: option<readonly string[]>({
    value: "address",
    initial: [],
    initialText: "none",
    ...PUBLISH,
    help:
      "server to publish to: rtmp://, rtmps://, rtsp://, srt://, https://…/whip, or for HLS https://…/ or a folder; may be given several times",
  }),
  maxViewers: option({
    value: "number",
    initial: 500,
    ...wholeNumber(1, 100_000),
    help: "maximum number of viewers; others are turned away",
  }),
  maxPerAddress: option({
    value: "number",
    initial: 50,
    ...wholeNumber(1, 100_000),
    help: "maximum number of viewers from one address",
  }),
  codec: option<CodecName>({
    value: "name",
    initial: CODECS[0],
    ...oneOf(CODECS),
    help: `codec for the medium and low qualities: ${inWords(CODECS)}`,
  }),
  workers: option({
    value: "number",
    initial: coresLessOne,
    initialText: "processor cores minus one",
    ...wholeNumber(1, 64),
    help: "threads that encode the other qualities and filters",
  }),
  title: option({
    value: "text",
    initial: "Livestream",
    ...ONE_LINE,
    help: "title shown above the stream",
  }),
  offAir: option({
    initial: false,
    ...SWITCH,
    help: "start off air: viewers see a card until you go on air in the studio",
  }),
  rewind: option({
    value: "time",
    initial: 60_000,
    initialText: "60s",
    ...duration(1000, 3_600_000, "a time from 1s to 1h, such as 90s or 10m"),
    help: "how far viewers can go back, from 1s to 1h; off keeps nothing",
  }),
  rewindSize: option<number | null>({
    value: "size",
    initial: null,
    initialText: "300mb, or a quarter of the memory",
    ...BYTE_SIZE,
    help:
      "memory for rewinding, such as 100mb; size of the file with --rewind-file (1gb unless set)",
  }),
  rewindFile: option<string | null>({
    value: "file",
    initial: null,
    initialText: "in memory",
    ...someText("a file"),
    help: "file that keeps this instead of the memory; it takes all its space at the start",
  }),
  timelapse: option({
    value: "time",
    initial: 0,
    initialText: "off",
    ...duration(1000, 86_400_000, "a time from 1s to 24h, such as 10s"),
    help: "interval between frames kept for a timelapse, such as 10s",
  }),
  data: option<string | null>({
    value: "file",
    initial: null,
    initialText: "in your data folder",
    ...someText("a file, or :memory: to keep nothing"),
    help: "file that stores title, chat and donations; :memory: stores nothing",
  }),
  donateUrl: option<string | null>({
    value: "address",
    initial: null,
    initialText: "none",
    ...WEB_ADDRESS,
    help: "page where viewers can pay, linked next to Donate",
  }),
  currency: option<string | null>({
    value: "code",
    initial: null,
    initialText: "none",
    ...CURRENCY,
    help: "currency of donations: EUR, USD, JPY",
  }),
  webhook: option<URL | null>({
    value: "address",
    initial: null,
    initialText: "none",
    ...POST_ADDRESS,
    isSecret: true,
    help: "address to post events to, such as motion and donations",
  }),
  webhookSecret: option<string | null>({
    value: "secret",
    initial: null,
    initialText: "none",
    ...PASSWORD,
    isSecret: true,
    help: "secret that signs these posts; safer in the environment",
  }),
  mqtt: option<MqttAddress | null>({
    value: "address",
    initial: null,
    initialText: "none",
    ...MQTT_ADDRESS,
    isSecret: true,
    help:
      "MQTT broker for Home Assistant, such as mqtt://user:password@host:1883; safer in the environment",
  }),
  adminToken: option<string | null>({
    value: "token",
    initial: null,
    initialText: "a new one at each start",
    ...TOKEN,
    isSecret: true,
    help: "token that opens the studio; safer in the environment",
  }),
  password: option<string | null>({
    value: "password",
    initial: null,
    initialText: "none",
    ...PASSWORD,
    isSecret: true,
    help: "password that viewers must enter; safer in the environment",
  }),
  cert: option<string | null>({
    value: "file",
    initial: null,
    initialText: "none",
    ...someText("a file of certificates"),
    help: "certificate chain for HTTPS, in PEM format",
  }),
  key: option<string | null>({
    value: "file",
    initial: null,
    initialText: "none",
    ...someText("a file with a private key"),
    help: "private key of that certificate, in PEM format",
  }),
  tls: option<TlsMode | null>({
    value: "how",
    initial: null,
    initialText: "none",
    ...oneOf(TLS_MODES),
    help: "self-signed: HTTPS with a certificate that is created once and kept",
  }),
  allowHost: option<readonly string[]>({
    value: "name",
    initial: [],
    initialText: "none",
    ...HOST_NAMES,
    help: "additional host names for the page; comma-separated",
  }),
  allowOrigin: option<readonly string[]>({
    value: "origin",
    initial: [],
    initialText: "none",
    ...ORIGINS,
    help: "sites that may embed the stream, such as https://example.com; comma-separated",
  }),
  trustedProxy: option<readonly string[]>({
    value: "address",
    initial: [],
    initialText: "none",
    ...ADDRESS_RANGES,
    help:
      "proxies whose X-Forwarded-For is trusted, such as 127.0.0.1 or 10.0.0.0/8; comma-separated",
  }),
  basePath: option({
    value: "path",
    initial: "/",
    ...BASE_PATH,
    help: "path under which a reverse proxy serves the pages, such as /cam",
  }),
  mdns: option({
    initial: true,
    ...SWITCH,
    help: "announce the server on the local network as livestream.local; --no-mdns turns that off",
  }),
  ffmpeg: option({
    value: "path",
    initial: "ffmpeg",
    ...someText("the name or path of the ffmpeg program"),
    help: "ffmpeg program to use",
  }),
  open: option({
    initial: false,
    ...SWITCH,
    help: "open the watch page in the default browser",
  }),
  studioQr: option({
    initial: false,
    ...SWITCH,
    help: "also print a QR code that opens the studio, for your own phone; it contains the token",
  }),
  listDevices: option({
    initial: false,
    ...SWITCH,
    help: "list the cameras and microphones and exit",
  }),
  logLevel: option<LogLevel>({
    value: "level",
    initial: "info",
    ...oneOf(LOG_LEVELS),
    help: `lowest level to log: ${inWords(LOG_LEVELS)}`,
  }),
  logFormat: option<LogFormat>({
    value: "format",
    initial: LOG_FORMATS[0],
    ...oneOf(LOG_FORMATS),
    help: "text for people, json for programs",
  }),
  licenses: option({
    initial: false,
    ...SWITCH,
    help: "print the licences of the program and everything in it, and exit",
  }),
};

/** The key of an option in {@linkcode OPTIONS}. */
export type OptionName = keyof typeof OPTIONS;

/** The value of each option. */
export type OptionValues = {
  readonly [Name in OptionName]: (typeof OPTIONS)[Name]["initial"];
};

/** Every key, in the order of the table. */
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
