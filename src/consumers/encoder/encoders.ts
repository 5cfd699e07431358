import type { Orientation } from "../../media/jpeg/exif.ts";
import { stepsOf } from "../../media/jpeg/orientation.ts";
import type { Rendition } from "../../media/rendition.ts";

/** ffmpeg's encoders of H.264 that can be used: the one without hardware first. */
export const ENCODERS = [
  "libx264",
  "h264_v4l2m2m",
  "h264_vaapi",
  "h264_qsv",
  "h264_videotoolbox",
  "h264_mf",
  "h264_nvenc",
] as const;

/** One of {@linkcode ENCODERS}. */
export type EncoderName = (typeof ENCODERS)[number];

/** What the streamer can choose: the best encoder, none, or a certain one. */
export const H264_CHOICES = ["auto", "off", ...ENCODERS] as const;

/** One of {@linkcode H264_CHOICES}. */
export type H264Choice = (typeof H264_CHOICES)[number];

/** The device of VA-API. */
export const VAAPI_DEVICE = "/dev/dri/renderD128";

/** What has to be there for an encoder to be worth a try, by system; without an entry, nothing has. */
const DEVICES: Readonly<Record<string, Readonly<Partial<Record<EncoderName, readonly string[]>>>>> =
  {
    linux: {
      h264_v4l2m2m: [10, 11, 12].map((number) => `/dev/video${number}`),
      h264_vaapi: [VAAPI_DEVICE],
      h264_qsv: [VAAPI_DEVICE],
      h264_nvenc: ["/dev/nvidia0"],
    },
    darwin: { h264_videotoolbox: [] },
    windows: { h264_mf: [], h264_qsv: [], h264_nvenc: [] },
  };

/** The size of x264's buffer: how long its bit rate takes to fill it. Key frames stay below that. Seconds. */
const BUFFER_SECONDS = 0.25;

/** Returns the names of the encoders that `ffmpeg -encoders` lists. */
export function listedEncoders(text: string): EncoderName[] {
  return ENCODERS.filter((name) => new RegExp(`^ V\\S* ${name} `, "m").test(text));
}

/**
 * Returns whether an encoder that uses hardware may work here.
 *
 * @param exists Whether there is such a path.
 */
export function mayHaveHardware(
  name: EncoderName,
  system: string,
  exists: (path: string) => boolean,
): boolean {
  const devices = DEVICES[system]?.[name];
  return devices !== undefined && (devices.length === 0 || devices.some(exists));
}

/** What an encoder's arguments depend on. */
export interface EncoderArgsOptions {
  /** The encoder. */
  readonly encoder: EncoderName;
  /** What it makes of the frames. */
  readonly rendition: Rendition;
  /** How much of it it makes. Bits a second. */
  readonly bitRate: number;
  /** How the frames have to be turned to be upright. */
  readonly orientation: Orientation;
}

/** The colours of a JPEG (JFIF 1.02). */
const COLOURS = { primaries: "bt709", transfer: "iec61966-2-1", matrix: "smpte170m" };

/**
 * Returns the arguments with which ffmpeg encodes a Matroska stream of JPEGs as H.264 in FLV, one access
 * unit for each frame and at once. Frames with an odd timestamp become keys, if the first one is even:
 * ffmpeg's `t` counts from there.
 *
 * There is no `-fps_mode`, which ffmpeg has had since 5.1, nor `-vsync`, which ffmpeg 8 has no more: as
 * timestamps only rise, FLV's default drops and repeats nothing.
 */
export function encoderArgs(options: EncoderArgsOptions): string[] {
  const { encoder, rendition, bitRate, orientation } = options;
  const halvings = Math.log2(1 / rendition.scale);
  const isVaapi = encoder === "h264_vaapi";
  // x264 says in the stream that it keeps a JPEG's range, as network cameras do, which saves an eighth of the
  // processor's time. Encoders with hardware may not, so that players would expect the other range.
  const range = encoder === "libx264" ? "pc" : "tv";
  const colours = convertColours(encoder, { range });
  const filters = [
    "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0",
    ...turnFilters(orientation),
    ...colours.filters,
    ...(isVaapi ? ["hwupload"] : []),
  ];
  return [
    ...["-hide_banner", "-loglevel", "error"],
    ...(isVaapi ? ["-vaapi_device", VAAPI_DEVICE] : []),
    // The decoder halves pictures in less time than it takes to decode whole ones.
    ...(halvings > 0 ? ["-lowres", String(halvings)] : []),
    ...["-threads", "1", "-noautorotate"],
    ...["-probesize", "32", "-analyzeduration", "0", "-f", "matroska", "-i", "pipe:0"],
    ...["-an", "-copyts", "-enc_time_base", "1:1000", "-vf", filters.join(",")],
    ...["-force_key_frames", "expr:eq(mod(round(t*1000),2),1)"],
    ...["-c:v", encoder, "-b:v", String(bitRate), "-maxrate", String(bitRate), "-bf", "0"],
    ...["-bufsize", String(Math.round(bitRate * BUFFER_SECONDS)), ...OWN_ARGS[encoder]],
    ...colours.args,
    ...["-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1"],
  ];
}

/** What gives H.264 the colours of its JPEGs. */
export interface ColourConversion {
  /** The last filters before the encoder, but for the upload to hardware. */
  readonly filters: readonly string[];
  /** Arguments for the encoder. */
  readonly args: readonly string[];
}

/** How colours are converted. */
export interface ColourOptions {
  /** The range of brightness: that of JPEGs, or that of television, which all players know. */
  readonly range: "pc" | "tv";
  /** More for ffmpeg's scaler, which does it: the size, too. */
  readonly scale?: string;
}

/** Returns how pixels of a JPEG become those that an encoder takes. */
export function convertColours(
  encoder: EncoderName,
  { range, scale = "" }: ColourOptions,
): ColourConversion {
  const { primaries, transfer, matrix } = COLOURS;
  return {
    filters: [
      `scale=${scale}in_range=pc:out_range=${range}:out_color_matrix=bt601:flags=fast_bilinear`,
      `format=${encoder === "libx264" || encoder === "h264_nvenc" ? "yuv420p" : "nv12"}`,
      `setparams=range=${range}:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`,
    ],
    args: [
      ...["-color_primaries", primaries, "-color_trc", transfer, "-colorspace", matrix],
      ...["-color_range", range],
    ],
  };
}

/** Returns the filters that turn frames as their Exif asks for. Not all versions of ffmpeg do that by themselves. */
export function turnFilters(orientation: Orientation): string[] {
  const { transposed, mirrored, upended } = stepsOf(orientation);
  return [
    // Rows become columns, from the upper left corner on.
    ...(transposed ? ["transpose=cclock_flip"] : []),
    ...(mirrored ? ["hflip"] : []),
    ...(upended ? ["vflip"] : []),
  ];
}

/** Key frames come when asked for, and else seldom. */
const SELDOM = ["-g", "9999"];

/** What makes each encoder give a packet for a frame at once. */
const OWN_ARGS: Readonly<Record<EncoderName, readonly string[]>> = {
  libx264: [
    ...["-preset", "superfast", "-tune", "zerolatency", "-profile:v", "high", ...SELDOM],
    ...["-sc_threshold", "0", "-threads", "1"],
  ],
  h264_v4l2m2m: ["-num_output_buffers", "4", "-num_capture_buffers", "4", ...SELDOM],
  h264_vaapi: ["-async_depth", "1", "-idr_interval", "0", ...SELDOM],
  h264_qsv: ["-preset", "veryfast", "-async_depth", "1", "-forced_idr", "1", ...SELDOM],
  h264_videotoolbox: ["-realtime", "1", ...SELDOM],
  h264_mf: ["-scenario", "live_streaming", "-hw_encoding", "1", ...SELDOM],
  h264_nvenc: [
    ...["-preset", "p2", "-tune", "ull", "-zerolatency", "1", "-delay", "0"],
    ...["-forced-idr", "1", ...SELDOM],
  ],
};
